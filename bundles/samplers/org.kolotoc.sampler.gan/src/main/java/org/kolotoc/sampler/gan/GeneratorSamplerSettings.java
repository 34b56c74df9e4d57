package org.kolotoc.sampler.gan;

import java.util.List;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Memory;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.nn.Layout;

/** What a generator makes. */
public record GeneratorSamplerSettings(
        @Help("points of one sample, or pictures of one grid") @Range(min = 1, max = 1_000_000) @Default("512") @Memory
        int examples,

        @Help("what is made: points, or pictures") @Default("\"points\"")
        Layout samples,

        @Help("class of all that is made; -1 for each in turn") @Range(min = -1, max = 1_000_000) @Default("-1")
        int label,

        @Help("two examples, as [3, 17]: what is made leads from the noise of the one to that of the other in even"
                + " steps, with the class of the first; empty for examples by themselves")
        @Range(min = 0, max = 1_000_000)
        @Default("[]")
        List<Integer> between,

        @Help("how far the noise is from 0, as a share of what the generator learned with: less is likelier and more"
                + " alike")
        @Range(min = 0, max = 10)
        @Default("1")
        double scale) {
    public GeneratorSamplerSettings {
        between = List.copyOf(between);
    }
}
