package org.kolotoc.sampler.diffusion;

import java.util.List;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Memory;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.nn.Layout;

/** What DDIM draws, and in how many steps. */
public record DdimSettings(
        @Help("points of one sample, or pictures of one grid") @Range(min = 1, max = 1_000_000) @Default("512") @Memory
        int examples,

        @Help("what is drawn: points, or pictures") @Default("\"points\"")
        Layout samples,

        @Help("steps that are taken, of those that the denoiser knows") @Range(min = 1, max = 100_000) @Default("20")
        int steps,

        @Help("how much fresh noise a step brings: 0 none, 1 as much as ddpm") @Range(min = 0, max = 1) @Default("0")
        double eta,

        @Help("class of all that is drawn; -1 for each in turn") @Range(min = -1, max = 1_000_000) @Default("-1")
        int label,

        @Help("two examples, as [3, 17]: what is drawn leads from the one to the other in even steps; empty for"
                + " examples by themselves")
        @Range(min = 0, max = 1_000_000)
        @Default("[]")
        List<Integer> between,

        @Help("how much of what the class changes is taken: 0 nothing, 1 all, above 1 more than that")
        @Range(min = 0, max = 100)
        @Default("1")
        double guidance,

        @Help("the farthest from 0 that a foreseen sample may be, 1 for pictures; 0 for any")
        @Range(min = 0, max = 1e9)
        @Default("0")
        double clip) {
    Wanted wanted() {
        return new Wanted(examples, samples, label, guidance, clip, between);
    }
}
