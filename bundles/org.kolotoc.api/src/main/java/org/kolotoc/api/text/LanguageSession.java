package org.kolotoc.api.text;

/** A text being written: the model, its weights and what it has read so far. */
public interface LanguageSession extends AutoCloseable {
    int vocab();

    /**
     * Reads one more token. When the model's context is full, the oldest tokens are forgotten.
     *
     * @return logits {@code [vocab]} of the token that follows; valid until the next call
     */
    float[] extend(int token);

    /** Forgets everything read. */
    void reset();

    @Override
    void close();
}
