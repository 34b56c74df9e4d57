package org.kolotoc.api.chat;

import java.util.Arrays;
import org.kolotoc.api.InputError;
import org.kolotoc.api.text.Tokenizer;

/**
 * Exchanges as tokens. The marks of the template, the question and the answer are encoded each on its own, so that a prompt
 * has the same tokens whatever is answered.
 */
public final class ChatTokens {
    private final ChatTemplate template;
    private final Tokenizer tokenizer;
    private final int[] question;
    private final int[] answer;
    private final int[] reward;
    private final int stop;

    /** Which end of a question goes where it is too long. */
    public enum Cut {
        /** Its beginning goes. */
        LEFT,
        /** Its end goes. */
        RIGHT
    }

    /** @throws InputError naming the field {@code template}, when the tokenizer can't write it, or the stop is not one token */
    public ChatTokens(ChatTemplate template, Tokenizer tokenizer) {
        this.template = template;
        this.tokenizer = tokenizer;
        this.question = mark("question", template.question());
        this.answer = mark("answer", template.answer());
        this.reward = mark("reward", template.reward());
        int[] ending = mark("stop", template.stop());
        if (ending.length != 1) {
            throw InputError.field(
                    "template.stop",
                    "\"" + template.stop() + "\" is " + ending.length + " tokens of the experiment's tokenizer;"
                            + " expected one, at which writing ends");
        }
        this.stop = ending[0];
        if (question.length + answer.length == 0) {
            throw InputError.field(
                    "template.answer", "neither a question nor an answer has a mark; a model needs one to go on from");
        }
    }

    private int[] mark(String field, String text) {
        try {
            return tokenizer.encode(text);
        } catch (InputError e) {
            throw InputError.field("template." + field, "can't be written: " + e.getMessage() + "; " + e.next());
        }
    }

    public ChatTemplate template() {
        return template;
    }

    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /** The token that ends an answer. */
    public int stop() {
        return stop;
    }

    /** A token that fills rows: never the one that ends an answer, nor the one where a reward is read. */
    public int pad() {
        int last = reward.length == 0 ? -1 : reward[reward.length - 1];
        int pad = 0;
        while (pad == stop || pad == last) {
            pad++;
        }
        return pad;
    }

    /**
     * The token at which a reward is read, the last one of the template's mark.
     *
     * @throws InputError when the template has none
     */
    public int reward() {
        if (reward.length == 0) {
            throw InputError.field(
                    "template.reward",
                    "is empty; expected the mark behind an answer, where its reward is read: \"|odměna|\"");
        }
        return reward[reward.length - 1];
    }

    /** Tokens of a text. */
    public int[] encode(String text) {
        return tokenizer.encode(text);
    }

    /** How long the marks of a prompt are, which are never cut. */
    public int marks() {
        return question.length + answer.length;
    }

    /**
     * What a model goes on from.
     *
     * @param asked tokens of the question
     * @param most tokens of the prompt; more of the question are cut, see {@link #marks}
     */
    public int[] prompt(int[] asked, int most, Cut cut) {
        int kept = Math.max(0, Math.min(asked.length, most - marks()));
        int from = cut == Cut.LEFT ? asked.length - kept : 0;
        return joined(question, Arrays.copyOfRange(asked, from, from + kept), answer);
    }

    /** The whole of it. */
    public int[] prompt(String asked) {
        return prompt(encode(asked), Integer.MAX_VALUE, Cut.RIGHT);
    }

    /** An answer with the token that ends it. */
    public int[] answer(String said) {
        return joined(encode(said), new int[] {stop});
    }

    /** What was written, without the token that ends it, where there is one. */
    public String said(int[] written) {
        boolean ended = written.length > 0 && written[written.length - 1] == stop;
        return tokenizer.decode(ended ? Arrays.copyOf(written, written.length - 1) : written);
    }

    /** A prompt, an answer and the mark at which its reward is read. */
    public int[] judged(int[] prompt, int[] written) {
        return joined(prompt, written, reward);
    }

    /** One row after the other. */
    public static int[] joined(int[]... parts) {
        int[] all = new int[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
        int at = 0;
        for (int[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
