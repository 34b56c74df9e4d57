package org.kolotoc.model.diffusion;

import java.util.List;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Memory;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.nn.diffusion.Prediction;

/** How large a U-Net is, and what it tells. */
public record UNetSettings(
        @Help("channels of each level, the first of pictures as they are, each other one half as high and wide")
        @Range(min = 1, max = 65_536)
        @Default("[32, 64, 88]")
        @Memory
        List<Integer> widths,

        @Help("numbers that a step becomes, half of them sines; twice as many tell the blocks")
        @Range(min = 2, max = 65_536)
        @Default("32")
        int waves,

        @Help("groups of channels that are normalised together; a divisor of all widths")
        @Range(min = 1, max = 65_536)
        @Default("8")
        int groups,

        @Help("heads of the attention between the pixels of the last level; a divisor of its width")
        @Range(min = 1, max = 65_536)
        @Default("4")
        int heads,

        @Help("steps between a sample and noise") @Range(min = 1, max = 100_000) @Default("200")
        int timesteps,

        @Help("what it tells of a noisy picture: the noise in it, the picture in it, or the velocity between them")
        @Default("\"noise\"")
        Prediction predicts,

        @Help("whether it is told the class of a picture, of which one more is none") @Default("false")
        boolean labels) {}
