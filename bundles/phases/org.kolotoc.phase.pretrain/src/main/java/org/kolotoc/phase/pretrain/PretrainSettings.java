package org.kolotoc.phase.pretrain;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Filled;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Memory;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.nn.AdamW;
import org.kolotoc.phase.pretrain.objective.Objective;
import org.kolotoc.phase.pretrain.objective.ObjectiveFamily;

/** How long and how fast to train. */
public record PretrainSettings(
        @Help("sequences in a batch") @Range(min = 1, max = 65_536) @Default("12") @Memory
        int batch,

        @Help("tokens in a sequence; 0 takes all that the model can look at")
        @Range(min = 0, max = 1_000_000)
        @Default("0")
        @Memory
        int context,

        @Help("parts that a batch is computed in, one after the other, with the memory of one; their gradients add up;"
                + " 0 takes one, or as few as a tensor has room for their logits")
        @Range(min = 0, max = 65_536)
        @Default("0")
        @Memory
        int accumulate,

        @Help("highest learning rate") @Range(min = 0, max = 10) @Default("0.001")
        double learningRate,

        @Help("learning rate at the last step, reached along a cosine") @Range(min = 0, max = 10) @Default("0.0001")
        double minLearningRate,

        @Help("steps in which the learning rate rises from 0") @Range(min = 0, max = 100_000_000) @Default("100")
        int warmup,

        @Help("older way to say weightDecay of the optimizer adamw") @Range(min = 0, max = 10) @Default("null")
        Double weightDecay,

        @Help("older way to say beta1 of the optimizer adamw") @Range(min = 0, max = 0.99999) @Default("null")
        Double beta1,

        @Help("older way to say beta2 of the optimizer adamw") @Range(min = 0, max = 0.9999999) @Default("null")
        Double beta2,

        @Help("older way to say epsilon of the optimizer adamw") @Range(min = 0, max = 1) @Default("null")
        Double epsilon,

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
        @Memory
        Recompute recompute,

        @Help("operands of matrix products: f32, or rounded to bf16 or tf32, for which devices have units"
                + " that are faster; sums, weights and all else are f32 in any case")
        @Default("\"f32\"")
        Precision precision,

        @Help("what is predicted: the token that follows, where nothing is said; tokens that are hidden (masked), spans"
                + " that are taken out (span), a text with holes (infill)")
        @Default("null")
        @Filled(ObjectiveFamily.class)
        Objective objective,

        @Help("sources of the data of which an evaluation tells how often each was read: epochs/<name>") @Default("[]")
        List<String> epochs) {

    /** What is computed again. */
    public enum Recompute {
        NONE,
        BLOCKS
    }

    /** What products are formed of. */
    public enum Precision {
        F32,
        BF16,
        TF32
    }

    /** Elements of a tensor; of arrays on devices, which are a little shorter. */
    private static final long MOST = Integer.MAX_VALUE - 1023L;

    /**
     * Parts that a batch is computed in.
     *
     * @param logits elements of the logits of one sequence
     */
    int parts(long logits) {
        if (accumulate > 0) {
            return accumulate;
        }
        return IntStream.rangeClosed(1, batch)
                .filter(parts -> batch % parts == 0 && batch / parts * logits <= MOST)
                .findFirst()
                .orElse(batch);
    }

    /** What it trains with where the experiment names no optimiser. */
    AdamW adamW() {
        return new AdamW(or(beta1, 0.9), or(beta2, 0.99), or(epsilon, 1e-8), or(weightDecay, 0.1));
    }

    /** Those of its settings that are given, by name. */
    List<String> ofAdamW() {
        return Stream.of(
                        given("weightDecay", weightDecay),
                        given("beta1", beta1),
                        given("beta2", beta2),
                        given("epsilon", epsilon))
                .filter(Objects::nonNull)
                .toList();
    }

    private static String given(String name, Double value) {
        return value == null ? null : name;
    }

    private static double or(Double value, double otherwise) {
        return value == null ? otherwise : value;
    }
}
