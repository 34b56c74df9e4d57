package org.kolotoc.sampler.diffusion;

import java.util.List;
import org.kolotoc.nn.Layout;

/**
 * What the settings of all these samplers have in common.
 *
 * @param examples of one sample
 * @param label class of all of them; -1 for each class in turn
 * @param guidance how much of what the class changes is taken, 1 for all
 * @param clip the farthest from 0 that a foreseen sample may be; 0 for any
 * @param between two examples that those which are drawn lead from and to; none for examples by themselves
 */
record Wanted(int examples, Layout layout, int label, double guidance, double clip, List<Integer> between) {}
