package org.kolotoc.eval.points;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** When a mode counts as found. */
public record ModesSettings(
        @Help("points within three deviations of a mode from which on it is found, in each sample")
        @Range(min = 1, max = 1_000_000)
        @Default("20")
        int least) {}
