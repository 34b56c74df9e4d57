package org.kolotoc.api.text;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.ObjIntConsumer;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;

/** Writes token after token: what all decoders that never look back share. */
record Stepwise(Choice choice, ObjIntConsumer<Ledger> told) implements Decoder {
    @Override
    public void tell(int vocab, Ledger ledger) {
        told.accept(ledger, vocab);
    }

    @Override
    public int[][] decode(LanguageSession session, List<Prompt> prompts, int count, IntPredicate ends) {
        if (prompts.stream().anyMatch(prompt -> prompt.tokens().length == 0)) {
            throw InputError.of(
                    "the prompt is empty; a model needs something to continue",
                    "give at least one character: --prompt \"A\", or \"prompt\" of the samples");
        }
        int[][] read = new int[session.rows()][0];
        int[][] written = new int[prompts.size()][count];
        int[] lengths = new int[prompts.size()];
        for (int row = 0; row < written.length; row++) {
            read[row] = prompts.get(row).tokens();
        }
        session.reset();
        float[][] logits = session.prefill(read);
        int[] next = new int[session.rows()];
        Arrays.fill(next, LanguageSession.NOTHING);
        for (int i = 0; i < count; i++) {
            boolean open = false;
            for (int row = 0; row < written.length; row++) {
                if (i > 0 && next[row] == LanguageSession.NOTHING) {
                    continue;
                }
                int token = choice.next(logits[row], prompts.get(row).random(), i);
                written[row][lengths[row]++] = token;
                next[row] = ends.test(token) ? LanguageSession.NOTHING : token;
                open |= next[row] != LanguageSession.NOTHING;
            }
            if (!open) {
                break;
            }
            if (i + 1 < count) {
                logits = session.step(next);
            }
        }
        for (int row = 0; row < written.length; row++) {
            written[row] = Arrays.copyOf(written[row], lengths[row]);
        }
        return written;
    }
}
