package org.kolotoc.bench;

import java.util.List;
import java.util.Locale;

/**
 * Something that both sides do, and the ratio that is wanted.
 *
 * @param name in JSON lines
 * @param beside what of ours stands beside it; null where libtorch does the same
 * @param sequences texts that are written side by side
 * @param wanted null where none is
 * @param memory wanted ratio of the most memory the processes ever held; null where none is
 */
record Task(String name, Kind kind, Kind beside, GptConfig config, int sequences, Limit wanted, Limit memory) {
    /** What one step of a task is. */
    enum Kind {
        /** A training step, by the next token; its ratio is that of times. */
        STEP,
        /** The same with our products in bf16, beside a peer that stays with fp32. */
        BF16_STEP,
        /** A step by the answers alone. */
        FINETUNE,
        /** A step by pairs of answers. */
        REWARD,
        /** A step whose answers are drawn, scored and learned from. */
        RLHF,
        /** The last of these alone. */
        RLHF_UPDATE,
        /** A text as long as the context, written token by token; its ratio is that of speeds. */
        GENERATION
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
            libtorch("step-A", Kind.STEP, "A", Limit.atMost(0.70), Limit.atMost(0.8)),
            libtorch("step-B", Kind.STEP, "B", Limit.atMost(0.75), Limit.atMost(0.8)),
            libtorch("step-C", Kind.STEP, "C", Limit.atMost(0.75), Limit.atMost(0.8)),
            libtorch("step-R", Kind.STEP, "R", null, null),
            libtorch("step-B-bf16", Kind.BF16_STEP, "B", Limit.atMost(0.35), null),
            libtorch("finetune-B", Kind.FINETUNE, "B", Limit.atMost(0.8), null),
            libtorch("reward-B", Kind.REWARD, "B", Limit.atMost(0.8), null),
            libtorch("rlhf-B", Kind.RLHF, "B", Limit.atMost(0.8), null),
            besideSteps("finetune-B-step", Kind.FINETUNE, "B"),
            besideSteps("reward-B-step", Kind.REWARD, "B"),
            besideSteps("rlhf-update-B-step", Kind.RLHF_UPDATE, "B"),
            libtorch("generation-B", Kind.GENERATION, "B", Limit.atLeast(1.5), null),
            new Task(
                    "generation-B-16",
                    Kind.GENERATION,
                    Kind.GENERATION,
                    GptConfig.of("B"),
                    16,
                    Limit.atLeast(6),
                    null));

    private static Task libtorch(String name, Kind kind, String config, Limit wanted, Limit memory) {
        return new Task(name, kind, null, GptConfig.of(config), 1, wanted, memory);
    }

    /** What a token costs beside what it costs in pre-training. */
    private static Task besideSteps(String name, Kind kind, String config) {
        return new Task(name, kind, Kind.STEP, GptConfig.of(config), 1, Limit.atMost(1.2), null);
    }

    /** The task of a name; that of a configuration alone means its training step. */
    static Task of(String name) {
        return ALL.stream()
                .filter(task -> task.name().equals(name) || task.name().equals("step-" + name))
                .findFirst()
                .orElseThrow();
    }

    /** The same without the ratios that are wanted on the processor. */
    Task elsewhere() {
        return new Task(name, kind, beside, config, sequences, null, null);
    }

    /** By which the command line asks for it. */
    String word() {
        return switch (kind) {
            case STEP, BF16_STEP -> BenchArguments.STEP;
            case FINETUNE, REWARD, RLHF, RLHF_UPDATE -> BenchArguments.PHASES;
            case GENERATION -> BenchArguments.GENERATION;
        };
    }

    boolean trains() {
        return kind != Kind.GENERATION;
    }

    /** Whether the other side is ours too, and not libtorch. */
    boolean besideItself() {
        return beside != null;
    }

    /** Tokens that a step of ours reads or writes. */
    int tokens() {
        return tokens(kind, sequences);
    }

    /** Tokens of a step of the other side. */
    int peerTokens() {
        return besideItself() ? tokens(beside, 1) : tokens();
    }

    private int tokens(Kind done, int texts) {
        return switch (done) {
            case GENERATION -> texts * config.context();
            case RLHF, RLHF_UPDATE -> config.batch() * (config.prompt() + config.answer() - 1);
            case STEP, BF16_STEP, FINETUNE, REWARD -> config.tokens();
        };
    }

    /** Floating-point operations of a step, about: two a weight and token forward, four backward. */
    double flops() {
        double each = switch (kind) {
            case GENERATION -> 2;
            case RLHF -> 14;
            case STEP, BF16_STEP, FINETUNE, REWARD, RLHF_UPDATE -> 6;
        };
        return each * config.weights() * tokens();
    }

    /** Ratio ours/theirs of what the task is about, from milliseconds a step: of times of a token, or of speeds. */
    double ratio(double ours, double peer) {
        double ratio = ours / tokens() / (peer / peerTokens());
        return trains() ? ratio : 1 / ratio;
    }

    @Override
    public String toString() {
        String sides = kind == Kind.BF16_STEP ? "our products bf16, theirs fp32" : "fp32";
        return switch (kind) {
            case STEP, BF16_STEP -> "training step " + config + "; " + sides + ", AdamW, clipped";
            case FINETUNE -> "fine-tuning " + config + ", by the second half of each sequence" + besides();
            case REWARD -> "reward modelling " + config + ", in pairs" + besides();
            case RLHF ->
                "learning from rewards " + config + ": answers of " + config.answer()
                        + " tokens are drawn, scored, learned from" + besides();
            case RLHF_UPDATE -> "learning from rewards " + config + ", the update alone" + besides();
            case GENERATION ->
                "generation " + config.named() + ", "
                        + (besideItself() ? sequences + " sequences beside 1" : "batch 1")
                        + ", greedy, KV cache; a step writes " + tokens() + " tokens";
        };
    }

    private String besides() {
        return besideItself() ? "; beside our own pre-training, a token" : "; fp32, AdamW, clipped";
    }
}
