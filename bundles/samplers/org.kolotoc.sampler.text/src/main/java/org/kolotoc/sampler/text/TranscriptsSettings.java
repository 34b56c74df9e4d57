package org.kolotoc.sampler.text;

import java.util.List;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Filled;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Memory;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.api.chat.ChatTemplate;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.api.text.DecoderFamily;

/** Who is asked what, and how they answer. */
public record TranscriptsSettings(
        @Help("names of those who answer, side by side; \"model\" says which model each is")
        @Default("[\"base\", \"sft\", \"rlhf\"]")
        List<String> entrants,

        @Help("what is asked, in turn; the held-out questions of the data where nothing is given") @Default("[]")
        List<String> questions,

        @Help("how questions that are given here are written; those of the data are written as the data says")
        @Default("{}")
        ChatTemplate template,

        @Help("most tokens of an answer") @Range(min = 1, max = 1_000_000) @Default("32")
        int length,

        @Help("questions answered side by side: more take more memory and less time")
        @Range(min = 1, max = 4096)
        @Default("16")
        @Memory
        int batch,

        @Help("how the next token is chosen") @Default("{\"id\": \"sample\"}") @Filled(DecoderFamily.class)
        Decoder decoder) {}
