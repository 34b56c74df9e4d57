package org.kolotoc.api.chat;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;

/**
 * How questions and answers are written, the one place for it: {@code <question>Where does Anna live?<answer>Anna lives in
 * Ashton.<stop>}, and behind an answer that is to be judged {@code <reward>}. A part of the settings of data.
 */
public record ChatTemplate(
        @Help("what a question begins with") @Default("\"Q: \"")
        String question,

        @Help("what an answer begins with") @Default("\"\\nA: \"")
        String answer,

        @Help("what ends an answer: one token") @Default("\"\\n\"")
        String stop,

        @Help("what follows an answer that is judged: a reward is what a model says at the last token of it")
        @Default("\"|odměna|\"")
        String reward) {
    /** The one that holds where nothing is said. */
    public static final ChatTemplate STANDARD = new ChatTemplate("Q: ", "\nA: ", "\n", "|odměna|");

    /** What a model goes on from. */
    public String prompt(String asked) {
        return question + asked + answer;
    }

    /** An exchange to its end; one after the other they are a conversation. */
    public String text(Exchange exchange) {
        return prompt(exchange.question()) + exchange.answer() + stop;
    }
}
