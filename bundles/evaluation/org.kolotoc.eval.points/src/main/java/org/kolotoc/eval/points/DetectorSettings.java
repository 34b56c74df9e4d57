package org.kolotoc.eval.points;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** How hard a detector tries. */
public record DetectorSettings(
        @Help("width of its two hidden layers") @Range(min = 1, max = 4096) @Default("64")
        int width,

        @Help("steps in which it learns") @Range(min = 1, max = 1_000_000) @Default("3000")
        int steps,

        @Help("points of each kind in a batch") @Range(min = 1, max = 65_536) @Default("128")
        int batch) {}
