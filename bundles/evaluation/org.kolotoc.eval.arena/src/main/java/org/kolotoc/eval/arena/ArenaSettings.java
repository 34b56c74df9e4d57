package org.kolotoc.eval.arena;

import java.util.List;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Filled;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.api.chat.Judge;
import org.kolotoc.api.chat.JudgeFamily;

/** Who fights, and who says who won. */
public record ArenaSettings(
        @Help("names in the transcripts, each held to be better than the one before it")
        @Default("[\"base\", \"sft\", \"rlhf\"]")
        List<String> entrants,

        @Help("who says which answer is better; a tie where both are equally good") @Filled(JudgeFamily.class)
        Judge judge,

        @Help("times that questions are drawn again, with all battles over them, for the intervals")
        @Range(min = 20, max = 10_000)
        @Default("200")
        int resamples,

        @Help("virtual ties of each model with an average one: scores even of who never lost")
        @Range(min = 0.01, max = 1000)
        @Default("1")
        double prior,

        @Help("of sides and of resampling") @Default("1") long seed) {}
