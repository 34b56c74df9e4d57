package org.kolotoc.model.gan;

import java.util.List;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Memory;
import org.kolotoc.api.Settings.Range;

/** How large a discriminator of pictures is, and what it sees. */
public record DcganDiscriminatorSettings(
        @Help("channels behind each halving of the height and the width, the largest picture first")
        @Range(min = 1, max = 65_536)
        @Default("[32, 64]")
        @Memory
        List<Integer> channels,

        @Help("whether each weight is divided by its largest singular value") @Default("false")
        boolean spectral,

        @Help("pictures that are compared with each other, so that it sees where all are alike; 0 for none")
        @Range(min = 0, max = 65_536)
        @Default("0")
        int group,

        @Help("whether it is told the class of a picture") @Default("false")
        boolean labels) {}
