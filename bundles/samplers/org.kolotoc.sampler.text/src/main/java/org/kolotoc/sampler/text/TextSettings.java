package org.kolotoc.sampler.text;

import java.util.List;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Filled;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.api.text.DecoderFamily;

/** What is written, and how. */
public record TextSettings(
        @Help("tokens of a sample") @Range(min = 1, max = 1_000_000) @Default("300")
        int length,

        @Help("what the model continues") @Default("\"\\n\"")
        String prompt,

        @Help("several prompts in place of one, taken in turn") @Default("[]")
        List<String> prompts,

        @Help("where one of these comes, the sample ends before it") @Default("[]")
        List<String> stop,

        @Help("samples written side by side at most: more take more memory and less time")
        @Range(min = 1, max = 4096)
        @Default("16")
        int batch,

        @Help("how the next token is chosen") @Default("{\"id\": \"sample\"}") @Filled(DecoderFamily.class)
        Decoder decoder) {
    /** The prompt where none is given. */
    static final String PROMPT = "\n";
}
