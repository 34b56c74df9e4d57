package org.kolotoc.sampler.text;

import java.util.List;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** Which texts are measured, and how. */
public record PerplexitySettings(
        @Help("whole texts, each on its own and in turn") List<String> texts,

        @Help("tokens that the window moves on: the fewer, the more a token sees before it, and the longer it takes;"
                + " 0 for half of the model's context")
        @Range(min = 0, max = 1_000_000)
        @Default("0")
        int stride,

        @Help("name of a special token that stands before each text, so that its first token counts too")
        @Default("\"\"")
        String begin,

        @Help("windows computed side by side") @Range(min = 1, max = 4096) @Default("8")
        int batch) {}
