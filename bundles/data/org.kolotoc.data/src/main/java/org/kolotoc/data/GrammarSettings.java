package org.kolotoc.data;

import java.util.Map;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** What may be written, and how much. */
public record GrammarSettings(
        @Help("rules by name: texts, and how often of a round each is taken, with {name} where a text of another"
                + " rule stands")
        Map<String, Map<String, Integer>> rules,

        @Help("the rule that each paragraph is a text of") @Default("\"text\"")
        String start,

        @Help("paragraphs for training, a line each") @Range(min = 1, max = 10_000_000) @Default("10000")
        int paragraphs,

        @Help("paragraphs behind them for validation") @Range(min = 1, max = 10_000_000) @Default("1000")
        int heldOut,

        @Help("decides the order; -1 takes the run's seed") @Range(min = -1) @Default("-1")
        long seed) {}
