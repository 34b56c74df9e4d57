package org.kolotoc.sampler.diffusion;

import java.util.List;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Memory;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.nn.Layout;

/** What DDIM draws, and in how many steps. */
public record DdimSettings(
        @Help(Wanted.EXAMPLES) @Range(min = 1, max = Wanted.MOST) @Default("512") @Memory
        int examples,

        @Help(Wanted.LAYOUT) @Default("\"points\"") Layout samples,

        @Help(Wanted.STEPS) @Range(min = 1, max = Wanted.MOST_STEPS) @Default("20")
        int steps,

        @Help("how much fresh noise a step brings: 0 none, 1 as much as ddpm") @Range(min = 0, max = 1) @Default("0")
        double eta,

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
