package org.kolotoc.sampler.text;

import java.util.List;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** Which words are looked for, and how long. */
public record NextWordsSettings(
        @Help("what the words follow, each in turn") @Default("[\"\\n\"]")
        List<String> prompts,

        @Help("likeliest words that are named; all others are one line") @Range(min = 1, max = 10_000) @Default("10")
        int words,

        @Help("beginnings of words that are gone on with at most: what is not looked at is among the others")
        @Range(min = 1, max = 1_000_000)
        @Default("2000")
        int most,

        @Help("the search ends when all beginnings that are left are together no likelier than this")
        @Range(min = 0, max = 1)
        @Default("0.001")
        double rest) {}
