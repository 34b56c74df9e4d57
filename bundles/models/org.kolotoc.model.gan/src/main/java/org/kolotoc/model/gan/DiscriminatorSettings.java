package org.kolotoc.model.gan;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Memory;
import org.kolotoc.api.Settings.Range;

/** How large a discriminator of points is, and what it sees. */
public record DiscriminatorSettings(
        @Help("width of the hidden layers") @Range(min = 1, max = 65_536) @Default("128") @Memory
        int width,

        @Help("hidden layers") @Range(min = 1, max = 1000) @Default("3") @Memory
        int layers,

        @Help("whether each weight is divided by its largest singular value") @Default("false")
        boolean spectral,

        @Help("samples that are compared with each other, so that it sees where all are alike; 0 for none")
        @Range(min = 0, max = 65_536)
        @Default("0")
        int group,

        @Help("whether it is told the class of a sample") @Default("false")
        boolean labels) {}
