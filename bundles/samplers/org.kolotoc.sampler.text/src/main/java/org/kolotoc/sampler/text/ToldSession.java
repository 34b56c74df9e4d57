package org.kolotoc.sampler.text;

import java.util.Arrays;
import java.util.function.IntConsumer;
import org.kolotoc.api.Reached;
import org.kolotoc.api.text.LanguageSession;

/** A session that tells how many tokens follow from what was read, and which ones were written when the next is due. */
final class ToldSession implements LanguageSession {
    private final LanguageSession session;
    private final long all;
    private final Reached told;
    private final IntConsumer written;
    private long prompt;
    private long tokens;

    ToldSession(LanguageSession session, long all, Reached told) {
        this(session, all, told, 0, _ -> {});
    }

    /**
     * A session that is listened to.
     *
     * @param prompt tokens that its first row reads first
     * @param written told of what that row reads behind them
     */
    ToldSession(LanguageSession session, long all, Reached told, int prompt, IntConsumer written) {
        this.session = session;
        this.all = all;
        this.told = told;
        this.prompt = prompt;
        this.written = written;
    }

    @Override
    public int rows() {
        return session.rows();
    }

    @Override
    public int vocab() {
        return session.vocab();
    }

    @Override
    public float[][] prefill(int[][] read) {
        for (int token : read[0]) {
            if (prompt-- <= 0) {
                written.accept(token);
            }
        }
        float[][] logits = session.prefill(read);
        tokens += Arrays.stream(read).filter(row -> row.length > 0).count();
        told.reached(Math.min(tokens, all), all);
        return logits;
    }

    @Override
    public void reorder(int... from) {
        session.reorder(from);
    }

    @Override
    public long bytes() {
        return session.bytes();
    }

    @Override
    public void reset() {
        session.reset();
    }

    @Override
    public void close() {
        session.close();
    }
}
