package org.kolotoc.api.text;

import org.kolotoc.api.InputError;
import org.kolotoc.api.ProgramContext;

/** A text being written: the model, its weights and what it has read so far. */
public interface LanguageSession extends AutoCloseable {
    /**
     * The fastest session that a model allows.
     *
     * @param formal the model by the asker's own name for it
     * @throws InputError when the model is no causal language model
     */
    static LanguageSession of(ProgramContext context, String formal) {
        return context.model(formal) instanceof IncrementalModel incremental
                ? new CachedLanguageSession(context, formal, incremental)
                : new WindowLanguageSession(context, formal);
    }

    int vocab();

    /**
     * Reads one more token. When the model's context is full, the oldest tokens are forgotten.
     *
     * @return logits {@code [vocab]} of the token that follows; valid until the next call
     * @throws org.kolotoc.api.Stopped when somebody wants to stop; whoever writes lets it through
     */
    float[] extend(int token);

    /** Memory that it takes beside the weights once it reads, in bytes; 0 where that is none to speak of. */
    default long bytes() {
        return 0;
    }

    /** Forgets everything read. */
    void reset();

    @Override
    void close();
}
