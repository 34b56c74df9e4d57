package org.kolotoc.phase.reward;

import java.util.Map;
import org.kolotoc.api.Batches;
import org.kolotoc.api.chat.ChatTokens;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.reference.ReferenceBackend;

/**
 * What simple things say of an order, learned from the training part: a model that does no better has learned no more than
 * these. How long an answer is; and which tokens it has, however they stand, by logistic regression on differences of counts,
 * where a question takes itself away.
 */
final class Baselines {
    /** Questions that are looked at, again and again where there are fewer. */
    private static final int LOOKS = 20_000;

    private static final double RATE = 0.1;

    private final Programs.Size size;
    private final int pad;
    private final double[] weights;
    private final double[] squares;
    private double longer;

    private Baselines(Programs.Size size, ChatTokens tokens) {
        this.size = size;
        this.pad = tokens.pad();
        this.weights = new double[tokens.tokenizer().vocab()];
        this.squares = new double[weights.length];
    }

    /** Learns them. */
    static Baselines of(Batches training, Programs.Size size, ChatTokens tokens) {
        Baselines baselines = new Baselines(size, tokens);
        try (ReferenceBackend host = new ReferenceBackend();
                Buffer buffer = host.allocate(DType.I32, Shape.of(size.questions(), size.answers(), size.time()))) {
            int[] rows = new int[buffer.shape().size()];
            for (int i = 0; i < Math.ceilDiv(LOOKS, size.questions()); i++) {
                training.fill(i, Map.of("tokens", buffer));
                buffer.read(rows);
                for (int question = 0; question < size.questions(); question++) {
                    baselines.learn(rows, question);
                }
            }
        }
        return baselines;
    }

    /** The first answer is the best, the others follow in their order. */
    private void learn(int[] rows, int question) {
        for (int better = 0; better < size.answers(); better++) {
            for (int worse = better + 1; worse < size.answers(); worse++) {
                int one = row(question, better);
                int other = row(question, worse);
                longer += Integer.signum(length(rows, one) - length(rows, other));
                double margin = words(rows, one) - words(rows, other);
                double slope = 1 / (1 + StrictMath.exp(margin));
                move(rows, one, slope);
                move(rows, other, -slope);
            }
        }
    }

    private void move(int[] rows, int from, double slope) {
        for (int i = from; i < from + size.time(); i++) {
            squares[rows[i]] += slope * slope;
        }
        for (int i = from; i < from + size.time(); i++) {
            weights[rows[i]] += RATE * slope / Math.sqrt(squares[rows[i]] + 1e-8);
        }
    }

    private int row(int question, int answer) {
        return (question * size.answers() + answer) * size.time();
    }

    private double words(int[] rows, int from) {
        double sum = 0;
        for (int i = from; i < from + size.time(); i++) {
            sum += weights[rows[i]];
        }
        return sum;
    }

    private int length(int[] rows, int from) {
        int length = size.time();
        while (length > 0 && rows[from + length - 1] == pad) {
            length--;
        }
        return length;
    }

    /** What the tokens say of the answers to a question, {@code [answers]}. */
    float[] byWords(int[] rows, int question) {
        float[] said = new float[size.answers()];
        for (int answer = 0; answer < said.length; answer++) {
            said[answer] = (float) words(rows, row(question, answer));
        }
        return said;
    }

    /** What the lengths say of them: more where longer answers were better, else less. */
    float[] byLength(int[] rows, int question) {
        float[] said = new float[size.answers()];
        for (int answer = 0; answer < said.length; answer++) {
            said[answer] = (longer < 0 ? -1 : 1) * length(rows, row(question, answer));
        }
        return said;
    }
}
