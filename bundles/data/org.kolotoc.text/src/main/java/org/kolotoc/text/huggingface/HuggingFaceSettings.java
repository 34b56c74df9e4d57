package org.kolotoc.text.huggingface;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;

/** Which file to read, and what is done with special tokens. */
public record HuggingFaceSettings(
        @Help("the file") @Default("\"tokenizer.json\"") String file,

        @Help("whether a text gets the special tokens around it that the file's post-processor adds, such as [CLS]"
                + " and [SEP]")
        @Default("false")
        boolean addSpecialTokens,

        @Help("whether the name of a special token in a text becomes the token, instead of plain text")
        @Default("false")
        boolean encodeSpecials) {}
