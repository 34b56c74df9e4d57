package org.kolotoc.bench;

import org.kolotoc.phase.pretrain.PretrainSettings.Precision;

/**
 * A step of a GPT.
 *
 * @param sequences texts that are written side by side
 */
record TextWork(Kind kind, GptConfig sizes, int sequences) implements Work {
    /** What one step is. */
    enum Kind {
        /** A training step, by the next token. */
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
        /** A text as long as the context, written token by token. */
        GENERATION
    }

    static TextWork of(Kind kind, String config) {
        return new TextWork(kind, GptConfig.of(config), 1);
    }

    @Override
    public String config() {
        return sizes.name();
    }

    @Override
    public String word() {
        return switch (kind) {
            case STEP, BF16_STEP -> BenchArguments.STEP;
            case FINETUNE, REWARD, RLHF, RLHF_UPDATE -> BenchArguments.PHASES;
            case GENERATION -> BenchArguments.GENERATION;
        };
    }

    @Override
    public Answer answer() {
        return kind == Kind.GENERATION ? Answer.TEXT : Answer.LOSS;
    }

    @Override
    public String unit() {
        return "tokens";
    }

    @Override
    public int items() {
        return switch (kind) {
            case GENERATION -> sequences * sizes.context();
            case RLHF, RLHF_UPDATE -> sizes.batch() * (sizes.prompt() + sizes.answer() - 1);
            case STEP, BF16_STEP, FINETUNE, REWARD -> sizes.tokens();
        };
    }

    /** Two a weight and token forward, four backward. */
    @Override
    public double aboutFlops() {
        double each = switch (kind) {
            case GENERATION -> 2;
            case RLHF -> 14;
            case STEP, BF16_STEP, FINETUNE, REWARD, RLHF_UPDATE -> 6;
        };
        return each * sizes.weights() * items();
    }

    @Override
    public StepWorker ours(OurBackend ours) {
        return switch (kind) {
            case STEP -> KolotocStep.pretrain(sizes, Precision.F32, ours);
            case BF16_STEP -> KolotocStep.pretrain(sizes, Precision.BF16, ours);
            case FINETUNE -> KolotocStep.finetune(sizes, ours);
            case REWARD -> KolotocStep.reward(sizes, ours);
            case RLHF -> KolotocStep.rlhf(sizes, false, ours);
            case RLHF_UPDATE -> KolotocStep.rlhf(sizes, true, ours);
            case GENERATION -> new KolotocGeneration(sizes, sequences, ours);
        };
    }

    @Override
    public StepWorker libtorch(int threads) {
        return switch (kind) {
            case STEP, BF16_STEP -> LibtorchStep.pretrain(sizes, threads);
            case FINETUNE -> LibtorchStep.finetune(sizes, threads);
            case REWARD -> LibtorchStep.reward(sizes, threads);
            case RLHF -> new LibtorchRlhf(sizes, threads);
            case RLHF_UPDATE -> throw new IllegalArgumentException("is timed beside our own steps alone");
            case GENERATION -> new LibtorchGeneration(sizes, threads);
        };
    }

    @Override
    public String toString() {
        return switch (kind) {
            case STEP -> "training step " + sizes + "; fp32, AdamW, clipped";
            case BF16_STEP -> "training step " + sizes + "; our products bf16, theirs fp32, AdamW, clipped";
            case FINETUNE -> "fine-tuning " + sizes + ", by the second half of each sequence";
            case REWARD -> "reward modelling " + sizes + ", in pairs";
            case RLHF ->
                "learning from rewards " + sizes + ": answers of " + sizes.answer()
                        + " tokens are drawn, scored, learned from";
            case RLHF_UPDATE -> "learning from rewards " + sizes + ", the update alone";
            case GENERATION ->
                "generation " + sizes.named() + ", " + sequences + (sequences == 1 ? " sequence" : " sequences")
                        + ", greedy, KV cache; a step writes " + items() + " tokens";
        };
    }
}
