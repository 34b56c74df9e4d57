package org.kolotoc.model.gan;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Memory;
import org.kolotoc.api.Settings.Range;

/** How large a generator of points is. */
public record GeneratorSettings(
        @Help("numbers of noise that a sample is made of") @Range(min = 1, max = 65_536) @Default("2")
        int latent,

        @Help("width of the hidden layers") @Range(min = 1, max = 65_536) @Default("128") @Memory
        int width,

        @Help("hidden layers") @Range(min = 1, max = 1000) @Default("3") @Memory
        int layers,

        @Help("whether it is told the class of the sample that it is to make") @Default("false")
        boolean labels) {}
