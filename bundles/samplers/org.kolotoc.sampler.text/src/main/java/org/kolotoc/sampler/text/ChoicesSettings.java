package org.kolotoc.sampler.text;

import java.util.List;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** Which gaps are filled, and how options are compared. */
public record ChoicesSettings(
        @Help("kinds of gaps, a sample each; all that the data has if not given") @Default("[]")
        List<String> kinds,

        @Help("what stands before each text, as where texts were learned; may be empty") @Default("\"\\n\"")
        String prefix,

        @Help("what an option's log-probability is divided by, that of what follows it included: bytes, tokens, or"
                + " none")
        @Default("bytes")
        Normalize normalize,

        @Help("texts that are read side by side") @Range(min = 1, max = 4096) @Default("64")
        int batch) {

    /** By what a long option is not at a disadvantage. */
    public enum Normalize {
        BYTES,
        TOKENS,
        NONE
    }
}
