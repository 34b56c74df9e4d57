package org.kolotoc.bench;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.kolotoc.nn.AdamW;

/**
 * Sizes of a causal language model with a tied head, and of its batches.
 *
 * @param name as on the command line
 * @param heads of attention; 0 where layers are recurrent, GRUs, in the place of transformer blocks
 * @param context tokens in a sequence
 * @param batch sequences in a step
 */
public record GptConfig(String name, int layers, int heads, int width, int context, int batch, int vocab) {
    /** Small, medium, and GPT-2 124M. */
    public static final List<GptConfig> ALL = List.of(
            new GptConfig("A", 4, 4, 128, 64, 12, 65),
            new GptConfig("B", 6, 6, 384, 256, 8, 65),
            new GptConfig("C", 12, 12, 768, 64, 4, 50_257));

    /** A recurrent model of long sequences. */
    static final GptConfig RECURRENT = new GptConfig("R", 1, 0, 128, 256, 32, 65);

    /** What both sides train with: AdamW, the gradient clipped to a norm of {@link #CLIP}. */
    static final double LEARNING_RATE = 1e-3;

    static final double BETA1 = 0.9;
    static final double BETA2 = 0.99;
    static final double EPSILON = 1e-8;
    static final double WEIGHT_DECAY = 0.1;
    static final double CLIP = 1;
    static final AdamW ADAMW = new AdamW(BETA1, BETA2, EPSILON, WEIGHT_DECAY);

    /** The configuration of a name that there is. */
    static GptConfig of(String name) {
        return Stream.concat(ALL.stream(), Stream.of(RECURRENT))
                .filter(config -> config.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    boolean isRecurrent() {
        return heads == 0;
    }

    public int tokens() {
        return batch * context;
    }

    /** Tokens of a sequence that ask; the others answer. */
    int prompt() {
        return context / 2;
    }

    /** Tokens of an answer that is written; a mark behind it fits. */
    int answer() {
        return context - prompt() - 1;
    }

    /** Weights that take part in products, the tied table once. */
    long weights() {
        return (isRecurrent() ? 6L : 12L) * layers * width * width + (long) vocab * width;
    }

    /**
     * Writes the {@code index}-th batch, each array {@code [batch, context]}. A token follows from the one before it but
     * for one of four values, so that a model that learns is told from one that does not by its loss.
     */
    void fill(long index, int[] tokens, int[] targets) {
        for (int row = 0; row < batch; row++) {
            SplittableRandom random = new SplittableRandom(index * batch + row);
            int token = random.nextInt(vocab);
            for (int i = row * context; i < (row + 1) * context; i++) {
                tokens[i] = token;
                token = (5 * token + random.nextInt(4)) % vocab;
                targets[i] = token;
            }
        }
    }

    /** Name and sizes of the model. */
    String named() {
        String parts = isRecurrent() ? layers + " GRU layer, " : layers + " layers, " + heads + " heads, ";
        return name + ": " + parts + width + " wide, context " + context + ", vocab " + vocab;
    }

    @Override
    public String toString() {
        return named() + ", batch " + batch;
    }
}
