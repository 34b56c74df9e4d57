package org.kolotoc.text;

import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.api.text.LanguageSession;

/**
 * A decoder that is shown what a text has already as less likely.
 *
 * @param penalty by which its positive logits are divided and its negative ones multiplied
 */
record Unrepeating(Decoder decoder, double penalty) implements Decoder {
    @Override
    public int rows(List<Prompt> prompts) {
        return decoder.rows(prompts);
    }

    @Override
    public void tell(int vocab, Ledger ledger) {
        decoder.tell(vocab, ledger);
    }

    @Override
    public int[][] decode(LanguageSession session, List<Prompt> prompts, int count, IntPredicate ends) {
        return decoder.decode(new Penalised(session, penalty), prompts, count, ends);
    }

    /** A session that remembers which tokens each row has read. */
    private static final class Penalised implements LanguageSession {
        private final LanguageSession session;
        private final double penalty;
        private BitSet[] read;

        Penalised(LanguageSession session, double penalty) {
            this.session = session;
            this.penalty = penalty;
            forget();
        }

        private void forget() {
            read = new BitSet[session.rows()];
            for (int row = 0; row < read.length; row++) {
                read[row] = new BitSet(session.vocab());
            }
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
        public float[][] prefill(int[][] tokens) {
            float[][] logits = session.prefill(tokens);
            float[][] shown = new float[logits.length][];
            for (int row = 0; row < logits.length; row++) {
                for (int token : tokens[row]) {
                    read[row].set(token);
                }
                float[] own = logits[row].clone();
                read[row].stream()
                        .forEach(token ->
                                own[token] = (float) (own[token] > 0 ? own[token] / penalty : own[token] * penalty));
                shown[row] = own;
            }
            return shown;
        }

        @Override
        public void reorder(int... from) {
            session.reorder(from);
            BitSet[] moved = new BitSet[read.length];
            for (int row = 0; row < moved.length; row++) {
                moved[row] = (BitSet) read[from[row]].clone();
            }
            read = moved;
        }

        @Override
        public long bytes() {
            return session.bytes();
        }

        @Override
        public void reset() {
            session.reset();
            forget();
        }

        @Override
        public void close() {
            session.close();
        }
    }
}
