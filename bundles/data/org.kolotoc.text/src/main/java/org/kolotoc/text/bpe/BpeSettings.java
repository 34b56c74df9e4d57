package org.kolotoc.text.bpe;

import java.util.List;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** What is learned of the training text. */
public record BpeSettings(
        @Help("tokens in all: 256 bytes, merges, special tokens; fewer where the text has not that many pairs")
        @Range(min = 256, max = 1_000_000)
        @Default("1024")
        int vocab,

        @Help("how text is cut into pieces, which no token crosses") @Default("\"gpt2\"")
        Split split,

        @Help("how often a pair must occur to become a token") @Range(min = 1) @Default("2")
        int minFrequency,

        @Help("names of tokens that stand for no text, such as \"<|endoftext|>\"; they have the last numbers")
        @Default("[]")
        List<String> specials,

        @Help("whether the name of a special token in a text becomes the token, instead of plain text")
        @Default("false")
        boolean encodeSpecials) {}
