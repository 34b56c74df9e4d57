package org.kolotoc.data;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** How much is written. */
public record TaglineTextSettings(
        @Help("decides what is written; -1 takes the run's seed") @Range(min = -1) @Default("1")
        long seed,

        @Help("length of the text in characters") @Range(min = 1000, max = 100_000_000) @Default("400000")
        int characters,

        @Help("share of the characters, from the start, that is for training; the rest is for validation")
        @Range(min = 0.01, max = 0.99)
        @Default("0.9")
        double train) {}
