package org.kolotoc.sampler.text;

import java.util.function.IntConsumer;
import org.kolotoc.api.text.LanguageSession;

/** A session of one row that tells what it reads behind a prompt: the tokens that were written, each once the next is due. */
final class HeardSession implements LanguageSession {
    private final LanguageSession session;
    private final IntConsumer heard;
    private long prompt;

    /** @param prompt tokens that are read first */
    HeardSession(LanguageSession session, int prompt, IntConsumer heard) {
        this.session = session;
        this.prompt = prompt;
        this.heard = heard;
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
                heard.accept(token);
            }
        }
        return session.prefill(read);
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
