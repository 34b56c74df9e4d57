package org.kolotoc.text;

import org.kolotoc.api.InputError;
import org.kolotoc.api.text.LanguageSession;

/** Writes token after token: what all decoders that never look back share. */
final class Continuation {
    /** Picks the next token. */
    @FunctionalInterface
    interface Choice {
        int next(float[] logits, int index);
    }

    private Continuation() {}

    static int[] write(LanguageSession session, int[] prompt, int count, Choice choice) {
        if (prompt.length == 0) {
            throw InputError.of(
                    "the prompt is empty; a model needs something to continue",
                    "give at least one character: --prompt \"A\", or \"prompt\" of the samples");
        }
        session.reset();
        float[] logits = null;
        for (int token : prompt) {
            logits = session.extend(token);
        }
        int[] written = new int[count];
        for (int i = 0; i < count; i++) {
            written[i] = choice.next(logits, i);
            if (i + 1 < count) {
                logits = session.extend(written[i]);
            }
        }
        return written;
    }
}
