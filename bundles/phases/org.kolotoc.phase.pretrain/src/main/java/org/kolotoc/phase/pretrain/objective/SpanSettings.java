package org.kolotoc.phase.pretrain.objective;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** How much of a text is taken out, and how it is named. */
public record SpanSettings(
        @Help("share of the tokens that is taken out") @Range(min = 0.001, max = 0.9) @Default("0.15")
        double share,

        @Help("mean tokens of a span") @Range(min = 1, max = 1000) @Default("3")
        double span,

        @Help("what the special tokens that stand for spans are called, each followed by its number from 0 on and"
                + " \">\"")
        @Default("\"<extra_id_\"")
        String sentinel,

        @Help("name of the special token that ends what is read and what is written; empty for </s>, <end>,"
                + " <|endoftext|> or [SEP]")
        @Default("\"\"")
        String end) {}
