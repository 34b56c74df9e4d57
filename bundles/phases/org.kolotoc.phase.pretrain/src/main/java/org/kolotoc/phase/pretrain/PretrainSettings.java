package org.kolotoc.phase.pretrain;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** How long and how fast to train. */
public record PretrainSettings(
        @Help("sequences in a batch") @Range(min = 1, max = 65_536) @Default("12")
        int batch,

        @Help("tokens in a sequence; 0 takes all that the model can look at")
        @Range(min = 0, max = 1_000_000)
        @Default("0")
        int context,

        @Help("parts that a batch is computed in, one after the other, with the memory of one; their gradients add up")
        @Range(min = 1, max = 65_536)
        @Default("1")
        int accumulate,

        @Help("highest learning rate") @Range(min = 0, max = 10) @Default("0.001")
        double learningRate,

        @Help("learning rate at the last step, reached along a cosine") @Range(min = 0, max = 10) @Default("0.0001")
        double minLearningRate,

        @Help("steps in which the learning rate rises from 0") @Range(min = 0, max = 100_000_000) @Default("100")
        int warmup,

        @Help("share of a weight matrix that is lost a step, times the learning rate")
        @Range(min = 0, max = 10)
        @Default("0.1")
        double weightDecay,

        @Help("memory of the mean gradient") @Range(min = 0, max = 0.99999) @Default("0.9")
        double beta1,

        @Help("memory of the mean squared gradient") @Range(min = 0, max = 0.9999999) @Default("0.99")
        double beta2,

        @Help("added to the root of the mean square") @Range(min = 0, max = 1) @Default("1e-8")
        double epsilon,

        @Help("longest gradient, all parameters together; 0 for any") @Range(min = 0, max = 1e9) @Default("1.0")
        double clip,

        @Help("sequences in an evaluation, from the start of the validation part; 0 takes all of it")
        @Range(min = 0, max = 1_000_000_000)
        @Default("0")
        int evaluationSequences,

        @Help("older way to say evaluationSequences: so many times the batch; 0 if not used")
        @Range(min = 0, max = 1_000_000_000)
        @Default("0")
        int evaluationBatches,

        @Help("what the backward pass computes again instead of keeping it: none, or blocks from what enters them")
        @Default("\"none\"")
        Recompute recompute,

        @Help("operands of matrix products: f32, or rounded to bf16; sums, weights and all else are f32 in any case")
        @Default("\"f32\"")
        Precision precision) {

    /** What is computed again. */
    public enum Recompute {
        NONE,
        BLOCKS
    }

    /** What products are formed of. */
    public enum Precision {
        F32,
        BF16
    }
}
