package org.kolotoc.sampler.text;

import java.util.Arrays;
import org.kolotoc.api.Reached;
import org.kolotoc.api.text.LanguageSession;

/** A session that tells of every token that follows from what was read. */
final class ToldSession implements LanguageSession {
    private final LanguageSession session;
    private final long all;
    private final Reached told;
    private long tokens;

    ToldSession(LanguageSession session, long all, Reached told) {
        this.session = session;
        this.all = all;
        this.told = told;
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
