package org.kolotoc.sampler.text;

import java.util.List;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Filled;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.api.chat.ChatTemplate;
import org.kolotoc.api.chat.ChatTokens;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.api.text.DecoderFamily;

/** What is asked, and how it is answered. */
public record ChatSettings(
        @Help("what is asked, in turn; people who talk to the model may begin with them")
        @Default("[\"Nápady na knihu\", \"Nákupní seznam\", \"Příručka začátečníka\", \"Reklamní slogan\"]")
        List<String> questions,

        @Help("how questions and answers are written, as the model learned it; with empty marks it goes on from what is"
                + " asked")
        @Default("{}")
        ChatTemplate template,

        @Help("which end of a question that is too long for the model goes") @Default("\"left\"")
        ChatTokens.Cut cut,

        @Help("most tokens of an answer") @Range(min = 1, max = 1_000_000) @Default("256")
        int length,

        @Help("where one of these comes, an answer ends before it") @Default("[]")
        List<String> stop,

        @Help("how the next token is chosen") @Default("{\"id\": \"sample\"}") @Filled(DecoderFamily.class)
        Decoder decoder) {
    /** What is asked where nothing is named; not every tokenizer can write it. */
    static final List<String> USUAL =
            List.of("Nápady na knihu", "Nákupní seznam", "Příručka začátečníka", "Reklamní slogan");

    ChatSettings asking(List<String> others) {
        return new ChatSettings(others, template, cut, length, stop, decoder);
    }
}
