package org.kolotoc.eval.image;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** When a judge is believed, and how many pictures it looks at. */
public record FidSettings(
        @Help("share of the held-out pictures whose class the judge has to know; below it nothing but that is measured")
        @Range(min = 0, max = 1)
        @Default("0.8")
        double floor,

        @Help("held-out pictures that are looked at") @Range(min = 20, max = 100_000) @Default("5000")
        int pictures,

        @Help("pictures of each side whose neighbours are looked for") @Range(min = 10, max = 20_000) @Default("1000")
        int neighbours) {}
