package org.kolotoc.text.bpe;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;

/** Which files to read. */
public record Gpt2Settings(
        @Help("file of the tokens, a JSON object with their numbers") @Default("\"vocab.json\"")
        String vocab,

        @Help("file of the pairs that become one token, two on a line") @Default("\"merges.txt\"")
        String merges,

        @Help("whether the name of a special token in a text becomes the token, instead of plain text")
        @Default("false")
        boolean encodeSpecials) {}
