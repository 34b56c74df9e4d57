package org.kolotoc.text.bpe;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;

/** Which file to read. */
public record TiktokenSettings(
        @Help("how text is cut and which special tokens there are: r50k_base, p50k_base, cl100k_base or o200k_base")
        String encoding,

        @Help("file of the tokens in base64 with their ranks, one on a line; the encoding's name with .tiktoken if"
                + " not given")
        @Default("\"\"")
        String file,

        @Help("whether the name of a special token in a text becomes the token, instead of plain text")
        @Default("false")
        boolean encodeSpecials) {}
