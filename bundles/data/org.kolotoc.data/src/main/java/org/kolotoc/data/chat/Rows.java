package org.kolotoc.data.chat;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.chat.ChatTokens;
import org.kolotoc.api.chat.Exchange;

/** Makes rows of exchanges within the lengths that are allowed, and counts what was cut and left out. */
final class Rows {
    private final ChatTokens tokens;
    private final Lengths lengths;
    private int seen;
    private int cut;
    private int empty;
    private int tooLong;

    Rows(ChatTokens tokens, Lengths lengths) {
        this.tokens = tokens;
        this.lengths = lengths;
        if (lengths.prompt() <= tokens.marks()) {
            throw InputError.field(
                    "lengths.prompt",
                    lengths.prompt() + " tokens leave no room for a question beside the " + tokens.marks()
                            + " of the template's marks; expected more");
        }
    }

    /**
     * An exchange as tokens.
     *
     * @param tokens the prompt, the answer, what ends it
     * @param answer where the answer begins
     */
    record Row(int[] tokens, int answer) {
        /**
         * Writes tokens and what follows each, of which the answer and its end have weight 1.
         *
         * @param from where the row begins in the arrays
         * @param time tokens of a row there
         */
        void write(int from, int pad, int[] into, int[] targets, float[] weights, int time) {
            int length = Math.min(time, tokens.length - 1);
            System.arraycopy(tokens, 0, into, from, length);
            System.arraycopy(tokens, 1, targets, from, length);
            Arrays.fill(into, from + length, from + time, pad);
            Arrays.fill(targets, from + length, from + time, pad);
            Arrays.fill(weights, from + answer - 1, from + length, 1);
        }
    }

    ChatTokens tokens() {
        return tokens;
    }

    int[] prompt(String question) {
        return tokens.prompt(tokens.encode(question), lengths.prompt(), lengths.cut());
    }

    /** Nothing where the answer is empty or too long; that is counted. */
    Optional<Row> row(Exchange exchange) {
        seen++;
        if (exchange.answer().isEmpty()) {
            empty++;
            return Optional.empty();
        }
        int[] answer = tokens.answer(exchange.answer());
        if (answer.length > lengths.answer()) {
            tooLong++;
            return Optional.empty();
        }
        int[] asked = tokens.encode(exchange.question());
        cut += asked.length + tokens.marks() > lengths.prompt() ? 1 : 0;
        int[] prompt = tokens.prompt(asked, lengths.prompt(), lengths.cut());
        return Optional.of(new Row(ChatTokens.joined(prompt, answer), prompt.length));
    }

    /** Says what was cut and left out so far. */
    void tell(Ledger ledger) {
        if (cut > 0) {
            ledger.note(
                    Ledger.Kind.TRUNCATED,
                    "lengths.prompt",
                    cut + " of " + seen + " questions are longer than prompts of " + lengths.prompt()
                            + " tokens allow: their " + (lengths.cut() == ChatTokens.Cut.LEFT ? "beginning" : "end")
                            + " is cut");
        }
        if (tooLong > 0) {
            ledger.note(
                    Ledger.Kind.SKIPPED,
                    "lengths.answer",
                    tooLong + " of " + seen + " answers have more than " + lengths.answer()
                            + " tokens, their end included: left out");
        }
        if (empty > 0) {
            ledger.note(Ledger.Kind.SKIPPED, "", empty + " of " + seen + " answers are empty: left out");
        }
    }

    /** @throws InputError when a batch has less room than the longest row needs */
    static void requireRoom(Dimensions data, Map<String, Integer> extents) {
        int longest = data.get("time");
        if (extents.get("time") < longest) {
            throw InputError.of(
                    "exchanges of this data have up to " + longest + " tokens, and " + extents.get("time")
                            + " are looked at",
                    "give the model a larger context, or \"lengths\" of the data less");
        }
    }

    /** @throws InputError when nothing is left */
    static void requireSome(int rows) {
        if (rows == 0) {
            throw InputError.of(
                    "no exchange is left for training", "look into the file, or give \"lengths\" of the data more");
        }
    }
}
