package org.kolotoc.text;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** How freely to draw tokens. */
public record SampleSettings(
        @Help("divides the logits: below 1 bolder, above 1 wilder, 0 takes the likeliest")
        @Range(min = 0, max = 100)
        @Default("1.0")
        double temperature,

        @Help("draw only from so many likeliest tokens; 0 for all") @Range(min = 0) @Default("0")
        int topK,

        @Help("draw only from the likeliest tokens whose probabilities add up to this")
        @Range(min = 0, max = 1)
        @Default("1.0")
        double topP,

        @Help("draw only tokens at least so probable as this share of the likeliest one's probability; 0 for all")
        @Range(min = 0, max = 1)
        @Default("0.0")
        double minP,

        @Help("makes tokens that the text has already, prompt included, less likely: positive logits are divided,"
                + " negative ones multiplied; 1 leaves them")
        @Range(min = 0.01, max = 100)
        @Default("1.0")
        double repetitionPenalty) {}
