package org.kolotoc.model.gan;

import java.util.List;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Memory;
import org.kolotoc.api.Settings.Range;

/** How large a generator of pictures is. */
public record DcganGeneratorSettings(
        @Help("numbers of noise that a picture is made of") @Range(min = 1, max = 65_536) @Default("64")
        int latent,

        @Help("channels before each doubling of the height and the width, the smallest picture first")
        @Range(min = 1, max = 65_536)
        @Default("[64, 32]")
        @Memory
        List<Integer> channels,

        @Help("whether it is told the class of the picture that it is to make") @Default("false")
        boolean labels) {}
