package org.kolotoc.api.text;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.ObjIntConsumer;
import org.kolotoc.api.Ledger;
import org.kolotoc.tensor.CounterRandom;
import org.osgi.annotation.versioning.ConsumerType;

/** A way to write. */
@ConsumerType
@FunctionalInterface
public interface Decoder {
    /**
     * What a text begins with.
     *
     * @param tokens at least one
     * @param random of this text, whatever is written beside it: draw {@code i} of its continuation is index {@code i}
     * @param rank how many texts from equal tokens are wanted before this one: a decoder that draws nothing writes its best text
     *     for 0, the next best for 1
     */
    record Prompt(int[] tokens, CounterRandom random, int rank) {
        /** The first text from these tokens. */
        public Prompt(int[] tokens, CounterRandom random) {
            this(tokens, random, 0);
        }
    }

    /**
     * Rows that a session needs for prompts.
     *
     * @throws org.kolotoc.api.InputError naming the field, when its settings don't give so many texts
     */
    default int rows(List<Prompt> prompts) {
        return prompts.size();
    }

    /**
     * Continues prompts side by side, each as if it were alone.
     *
     * @param session with {@link #rows} for the prompts, or more; forgets what it read before
     * @param count most tokens to write of each
     * @param ends whether a token ends a text; it is the last one of it then
     * @return the new tokens alone of each prompt, {@code count} where none of them ends it
     * @throws org.kolotoc.api.InputError when a prompt is empty
     */
    int[][] decode(LanguageSession session, List<Prompt> prompts, int count, IntPredicate ends);

    /**
     * Notes what of its settings changes nothing.
     *
     * @param vocab tokens that it chooses from
     */
    default void tell(int vocab, Ledger ledger) {}

    /** How a decoder that never looks back chooses the next token of a text. */
    @FunctionalInterface
    interface Choice {
        /**
         * The next token.
         *
         * @param logits {@code [vocab]}, not to be changed
         * @param random of the text
         * @param index how many tokens of it were written before
         */
        int next(float[] logits, CounterRandom random, int index);
    }

    /** A decoder that chooses token after token. */
    static Decoder of(Choice choice) {
        return of(choice, (_, _) -> {});
    }

    /**
     * The same, where settings may change nothing.
     *
     * @param told does what {@link #tell} says
     */
    static Decoder of(Choice choice, ObjIntConsumer<Ledger> told) {
        return new Stepwise(choice, told);
    }
}
