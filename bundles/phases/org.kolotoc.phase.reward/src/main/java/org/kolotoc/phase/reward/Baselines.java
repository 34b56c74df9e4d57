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

    /** How much more often the better answer has a token; zeros between two answers. */
    private final int[] more;

    private double longer;

    private Baselines(Programs.Size size, ChatTokens tokens) {
        this.size = size;
        this.pad = tokens.pad();
        this.weights = new double[tokens.tokenizer().vocab()];
        this.squares = new double[weights.length];
        this.more = new int[weights.length];
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
                learn(rows, one, other);
            }
        }
    }

    /** A step up the logarithm of the probability that the first is better (AdaGrad: Duchi et al. 2011). */
    private void learn(int[] rows, int better, int worse) {
        double slope = 1 / (1 + StrictMath.exp(words(rows, better) - words(rows, worse)));
        count(rows, better, 1);
        count(rows, worse, -1);
        move(rows, better, slope);
        move(rows, worse, slope);
    }

    private void count(int[] rows, int from, int by) {
        int end = end(rows, from);
        for (int i = from; i < end; i++) {
            more[rows[i]] += by;
        }
    }

    /** Each token once, and none that both have as often. */
    private void move(int[] rows, int from, double slope) {
        int end = end(rows, from);
        for (int i = from; i < end; i++) {
            int token = rows[i];
            if (more[token] != 0) {
                double gradient = slope * more[token];
                squares[token] += gradient * gradient;
                weights[token] += RATE * gradient / Math.sqrt(squares[token] + 1e-8);
                more[token] = 0;
            }
        }
    }

    private int row(int question, int answer) {
        return (question * size.answers() + answer) * size.time();
    }

    private double words(int[] rows, int from) {
        double sum = 0;
        int end = end(rows, from);
        for (int i = from; i < end; i++) {
            sum += weights[rows[i]];
        }
        return sum;
    }

    private int length(int[] rows, int from) {
        return end(rows, from) - from;
    }

    /** Where what only fills a row begins. */
    private int end(int[] rows, int from) {
        int end = from + size.time();
        while (end > from && rows[end - 1] == pad) {
            end--;
        }
        return end;
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
