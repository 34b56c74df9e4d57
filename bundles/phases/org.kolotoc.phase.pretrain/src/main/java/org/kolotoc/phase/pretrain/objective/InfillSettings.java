package org.kolotoc.phase.pretrain.objective;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** How a text is spoiled. */
public record InfillSettings(
        @Help("share of the tokens that masks stand for") @Range(min = 0.001, max = 0.9) @Default("0.3")
        double share,

        @Help("mean tokens that a mask stands for, drawn from a Poisson distribution")
        @Range(min = 0.1, max = 100)
        @Default("3")
        double span,

        @Help("share of the tokens that are deleted, with no mask in their place")
        @Range(min = 0, max = 0.9)
        @Default("0")
        double delete,

        @Help("what ends a sentence, one token: sentences change places; empty where they don't") @Default("\"\"")
        String sentence,

        @Help("name of the special token that hides others; empty for <mask>, [MASK] or <|mask|>") @Default("\"\"")
        String mask,

        @Help("name of the special token that ends what is written; empty for </s>, <end>, <|endoftext|> or [SEP]")
        @Default("\"\"")
        String end) {}
