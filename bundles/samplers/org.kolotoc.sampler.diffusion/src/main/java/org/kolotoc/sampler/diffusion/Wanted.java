package org.kolotoc.sampler.diffusion;

import java.util.List;
import org.kolotoc.nn.Layout;

/**
 * What the settings of all these samplers have in common: their records, which can't share components, have its words and bounds.
 *
 * @param examples of one sample
 * @param label class of all of them; -1 for each class in turn
 * @param guidance how much of what the class changes is taken, 1 for all
 * @param clip the farthest from 0 that a foreseen sample may be; 0 for any
 * @param between two examples that those which are drawn lead from and to; none for examples by themselves
 */
record Wanted(int examples, Layout layout, int label, double guidance, double clip, List<Integer> between) {
    static final String EXAMPLES = "points of one sample, or pictures of one grid";
    static final String LAYOUT = "what is drawn: points, or pictures";
    static final String STEPS = "steps that are taken, of those that the denoiser knows";
    static final String LABEL = "class of all that is drawn; -1 for each in turn";
    static final String BETWEEN =
            "two examples, as [3, 17]: what is drawn leads from the one to the other in even steps; empty for"
                    + " examples by themselves";
    static final String GUIDANCE =
            "how much of what the class changes is taken: 0 nothing, 1 all, above 1 more than that";
    static final String CLIP = "the farthest from 0 that a foreseen sample may be, 1 for pictures; 0 for any";

    /** Examples, and classes. */
    static final int MOST = 1_000_000;

    static final int MOST_STEPS = 100_000;
    static final double MOST_GUIDANCE = 100;
    static final double FARTHEST = 1e9;
}
