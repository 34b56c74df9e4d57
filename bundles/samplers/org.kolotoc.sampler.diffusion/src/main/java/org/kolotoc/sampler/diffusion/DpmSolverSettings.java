package org.kolotoc.sampler.diffusion;

import java.util.List;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Memory;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.nn.Layout;

/** What DPM-Solver++ draws, and in how many steps. */
public record DpmSolverSettings(
        @Help(Wanted.EXAMPLES) @Range(min = 1, max = Wanted.MOST) @Default("512") @Memory
        int examples,

        @Help(Wanted.LAYOUT) @Default("\"points\"") Layout samples,

        @Help(Wanted.STEPS) @Range(min = 1, max = Wanted.MOST_STEPS) @Default("20")
        int steps,

        @Help(Wanted.LABEL) @Range(min = -1, max = Wanted.MOST) @Default("-1")
        int label,

        @Help(Wanted.BETWEEN) @Range(min = 0, max = Wanted.MOST) @Default("[]")
        List<Integer> between,

        @Help(Wanted.GUIDANCE) @Range(min = 0, max = Wanted.MOST_GUIDANCE) @Default("1")
        double guidance,

        @Help(Wanted.CLIP) @Range(min = 0, max = Wanted.FARTHEST) @Default("0")
        double clip) {
    Wanted wanted() {
        return new Wanted(examples, samples, label, guidance, clip, between);
    }
}
