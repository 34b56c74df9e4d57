package org.kolotoc.bench;

import java.util.List;
import java.util.Locale;

/**
 * Something that both sides do, and the ratio that is wanted.
 *
 * @param name in JSON lines
 * @param sequences texts that are written side by side
 * @param wanted null where none is
 * @param memory wanted ratio of the most memory the processes ever held; null where none is
 */
record Task(String name, Kind kind, GptConfig config, int sequences, Limit wanted, Limit memory) {
    /** What one step of a task is. */
    enum Kind {
        /** A training step; its ratio is that of times. */
        STEP,
        /** The same with our products in bf16, beside a peer that stays with fp32. */
        BF16_STEP,
        /** A text as long as the context, written token by token; its ratio is that of speeds. */
        GENERATION,
        /** Texts side by side, beside our own one by one. */
        BATCH
    }

    /** A bound of a ratio ours/theirs. */
    record Limit(boolean upper, double bound) {
        static Limit atMost(double bound) {
            return new Limit(true, bound);
        }

        static Limit atLeast(double bound) {
            return new Limit(false, bound);
        }

        boolean met(double ratio) {
            return upper ? ratio <= bound : ratio >= bound;
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s %.2f", upper ? "<=" : ">=", bound);
        }
    }

    /** Everything that is timed when nothing is named. Libtorch's AdamW is the fused one. */
    static final List<Task> ALL = List.of(
            new Task("step-A", Kind.STEP, GptConfig.of("A"), 0, Limit.atMost(0.70), Limit.atMost(0.8)),
            new Task("step-B", Kind.STEP, GptConfig.of("B"), 0, Limit.atMost(0.75), Limit.atMost(0.8)),
            new Task("step-C", Kind.STEP, GptConfig.of("C"), 0, Limit.atMost(0.75), Limit.atMost(0.8)),
            new Task("step-B-bf16", Kind.BF16_STEP, GptConfig.of("B"), 0, Limit.atMost(0.35), null),
            new Task("generation-B", Kind.GENERATION, GptConfig.of("B"), 1, Limit.atLeast(1.5), null),
            new Task("generation-B-16", Kind.BATCH, GptConfig.of("B"), 16, Limit.atLeast(6), null));

    /** The task of a name; that of a configuration alone means its training step. */
    static Task of(String name) {
        return ALL.stream()
                .filter(task -> task.name().equals(name) || task.name().equals("step-" + name))
                .findFirst()
                .orElseThrow();
    }

    /** The same without the ratios that are wanted on the processor. */
    Task elsewhere() {
        return new Task(name, kind, config, sequences, null, null);
    }

    boolean trains() {
        return kind != Kind.GENERATION && kind != Kind.BATCH;
    }

    /** Whether the other side is ours too, and not libtorch. */
    boolean besideItself() {
        return kind == Kind.BATCH;
    }

    /** Tokens that a step of ours trains on or writes. */
    int tokens() {
        return trains() ? config.tokens() : sequences * config.context();
    }

    /** Tokens of a step of the other side. */
    int peerTokens() {
        return besideItself() ? config.context() : tokens();
    }

    /** Floating-point operations of a step, about: two a weight and token forward, four backward. */
    double flops() {
        return (trains() ? 6.0 : 2.0) * config.weights() * tokens();
    }

    /** Ratio ours/theirs of what the task is about, from milliseconds a step. */
    double ratio(double ours, double peer) {
        return trains() ? ours / peer : peer / ours * tokens() / peerTokens();
    }

    @Override
    public String toString() {
        return trains()
                ? "training step " + config + (kind == Kind.STEP ? "; fp32" : "; our products bf16, theirs fp32")
                        + ", AdamW, clipped"
                : "generation " + config.named() + ", "
                        + (besideItself() ? sequences + " sequences beside 1" : "batch 1")
                        + ", greedy, KV cache; a step writes " + tokens() + " tokens";
    }
}
