package org.kolotoc.phase.pretrain.objective;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** Which tokens are hidden, and by what. */
public record MaskedSettings(
        @Help("share of the tokens that have to be predicted") @Range(min = 0.001, max = 0.9) @Default("0.15")
        double share,

        @Help("share of these that the mask stands for") @Range(min = 0, max = 1) @Default("0.8")
        double masked,

        @Help("share of these that any token of the vocabulary stands for; what is left stays as it is")
        @Range(min = 0, max = 1)
        @Default("0.1")
        double random,

        @Help("name of the special token that hides another; empty for <mask>, [MASK] or <|mask|>") @Default("\"\"")
        String mask,

        @Help("dynamic: others are hidden each time a text is read, as in RoBERTa; static: always the same, as in BERT")
        @Default("\"dynamic\"")
        Masks masks,

        @Help("measures besides what the text to the right gives: accuracy at a hidden token of each held-out row with"
                + " all of the row, and with nothing but what is to its left")
        @Default("false")
        boolean rightHidden) {

    /** When tokens are chosen. */
    public enum Masks {
        /** Anew whenever a text is read. */
        DYNAMIC,
        /** By the text. */
        STATIC
    }
}
