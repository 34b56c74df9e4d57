package org.kolotoc.sampler.text;

import org.kolotoc.api.Reached;
import org.kolotoc.api.text.LanguageSession;

/** A session that tells of every token. */
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
    public int vocab() {
        return session.vocab();
    }

    @Override
    public float[] extend(int token) {
        float[] logits = session.extend(token);
        told.reached(Math.min(++tokens, all), all);
        return logits;
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
