package org.kolotoc.api.text;

import java.util.Arrays;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.ProgramContext;

/**
 * Texts being written side by side, one a row: a model, its weights as they are whenever something is read, and what each
 * row has read so far. What a row gives depends on its own tokens alone. Several sessions may be open over the same weights.
 *
 * <p>A phase opens one when it prepares itself and writes with it within a step; weights that have moved since something
 * was read make that stale, so {@link #reset} before a new text.
 */
public interface LanguageSession extends AutoCloseable {
    /** In the place of a token: the row reads nothing. */
    int NOTHING = -1;

    /**
     * The fastest session that a model allows; see {@link IncrementalModel#of}. Of a model that reads one text and writes
     * another, the first tokens of a row are what it reads, and the logits behind them those of the first token that it writes.
     *
     * @param formal the model by the asker's own name for it
     * @param name of the session, and the owner of what it keeps in the {@link ProgramContext#state}: those that are open at
     *     the same time have different ones
     * @param rows texts side by side, at least 1
     * @throws InputError when the model can't write
     */
    static LanguageSession of(ProgramContext context, String formal, String name, int rows) {
        Model model = context.model(formal);
        return model instanceof EncoderDecoder reader
                ? new TranslatingSession(context, formal, name, reader, rows)
                : new CachedLanguageSession(context, formal, name, IncrementalModel.of(model), rows);
    }

    int rows();

    int vocab();

    /**
     * Reads further tokens in each row, as many as there are: prompts of different lengths, in few runs of a program. When
     * the model's context is full, the oldest tokens of a row are forgotten.
     *
     * @param tokens of each row; none where it reads nothing
     * @return logits {@code [rows][vocab]} of the token that follows in each row, as they were where a row read nothing;
     *     negative infinity, a probability of exactly 0, at {@link Tokenizer#gaps}; valid until the next call
     * @throws IllegalArgumentException when there are not as many as rows, or one is no token; nothing is read then
     * @throws org.kolotoc.api.Stopped when somebody wants to stop; whoever writes lets it through
     */
    float[][] prefill(int[][] tokens);

    /**
     * Reads one more token in each row.
     *
     * @param tokens of each row; {@link #NOTHING} where it has ended
     * @return see {@link #prefill}
     */
    default float[][] step(int... tokens) {
        return prefill(Arrays.stream(tokens)
                .mapToObj(token -> token == NOTHING ? new int[0] : new int[] {token})
                .toArray(int[][]::new));
    }

    /**
     * Goes on from other rows: each row has read from now on what another had, and has its logits. One row may be taken
     * several times, which is how a beam branches, or samples begin with one prompt that was read once.
     *
     * @param from the row, as it was, that each of the rows becomes
     * @throws IllegalArgumentException when there are not as many as rows, or one is none; nothing changes then
     */
    void reorder(int... from);

    /** Memory that it takes beside the weights once it reads, in bytes; 0 where that is none to speak of. */
    default long bytes() {
        return 0;
    }

    /** Forgets everything read. */
    void reset();

    @Override
    void close();
}
