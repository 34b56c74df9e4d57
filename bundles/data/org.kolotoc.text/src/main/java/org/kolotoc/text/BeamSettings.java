package org.kolotoc.text;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** How far to search. */
public record BeamSettings(
        @Help("texts that are kept beside each other; 1 is greedy") @Range(min = 1, max = 256) @Default("4")
        int width,

        @Help("a text scores the sum of its log-probabilities divided by its length to this power: 0 favours short"
                + " ones")
        @Range(min = -10, max = 10)
        @Default("1.0")
        double lengthPenalty) {}
