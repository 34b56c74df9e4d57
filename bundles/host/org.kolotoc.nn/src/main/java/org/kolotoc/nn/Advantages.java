package org.kolotoc.nn;

import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/**
 * How much better answers, or tokens of them, were than was to be expected: what weighs their log-probabilities. {@code
 * counted} is a {@code bool [rows, time]}, true of tokens of the answer, which stand side by side in each row.
 */
public final class Advantages {
    /** Against a division by zero; where all are equal, each is exactly 0, since what is subtracted first is one of them. */
    private static final double EPSILON = 1e-8;

    private Advantages() {}

    /**
     * Mean 0 and variance 1: {@code (x - mean) / sqrt(variance + 1e-8)}, the variance over {@code rows - 1}.
     *
     * @param scores {@code f32 [rows]}, two or more
     */
    public static Tensor whitened(Tensor scores) {
        int rows = scores.shape().extent(0);
        Tensor apart = scores.sub(scores.slice(0, 0, 1));
        Tensor centred = apart.sub(Functions.mean(apart));
        Tensor variance = centred.mul(centred).sum().div(Math.max(1, rows - 1));
        return centred.mul(variance.add(EPSILON).rsqrt());
    }

    /**
     * The same over all counted tokens.
     *
     * @return {@code [rows, time]}, 0 where nothing is counted
     */
    public static Tensor whitened(Tensor values, Tensor counted) {
        Tensor count = counted.cast(DType.F32).sum();
        Tensor centred = Losses.kept(values.sub(Losses.mean(values, counted)), counted);
        Tensor variance = centred.mul(centred).sum().div(count.sub(1).maximum(1));
        return centred.mul(variance.add(EPSILON).rsqrt());
    }

    /**
     * How much better each answer is than the others to its prompt: {@code (score - mean) / (deviation + 1e-4)}, the variance
     * over {@code answers - 1} (Shao et al., arXiv:2402.03300).
     *
     * @param scores {@code f32 [prompts, answers]}
     */
    public static Tensor group(Tensor scores) {
        int answers = scores.shape().extent(1);
        Tensor apart = scores.sub(scores.slice(1, 0, 1));
        Tensor centred = apart.sub(Functions.meanKeepDims(apart, 1));
        Tensor variance = centred.mul(centred).sumKeepDims(1).div(Math.max(1, answers - 1));
        return centred.div(variance.sqrt().add(1e-4));
    }

    /**
     * What each token earns: at the last one of an answer its score, and at every token {@code beta} times how much likelier
     * the reference had it (Ziegler et al., arXiv:1909.08593).
     *
     * @param logProbabilities {@code f32 [rows, time]}, when the answer was written
     * @param reference {@code f32 [rows, time]}
     * @param scores {@code f32 [rows]}
     * @return {@code [rows, time]}, 0 where nothing is counted
     */
    public static Tensor tokenRewards(
            Tensor logProbabilities, Tensor reference, Tensor counted, Tensor scores, double beta) {
        int rows = counted.shape().extent(0);
        Tensor last = counted.and(following(counted.cast(DType.F32)).eq(scores.constant(0)));
        Tensor ends = last.select(scores.reshape(rows, 1).broadcast(last.shape()), scores.constant(0));
        return Losses.kept(reference.sub(logProbabilities), counted).mul(beta).add(ends);
    }

    /**
     * Of each token.
     *
     * @param advantages {@code [rows, time]}, 0 where nothing is counted
     * @param returns {@code [rows, time]}: advantages and old values, what values should have been
     */
    public record Generalized(Tensor advantages, Tensor returns) {}

    /**
     * Generalised advantage estimation (Schulman et al., arXiv:1506.02438): {@code A[t] = d[t] + discount lambda A[t+1]} of
     * {@code d[t] = rewards[t] + discount values[t+1] - values[t]}; the value after the last token of an answer is 0. The
     * recursion is a product with a triangular matrix of powers.
     *
     * @param rewards {@code f32 [rows, time]}, see {@link #tokenRewards}
     * @param values {@code f32 [rows, time]}
     */
    public static Generalized generalized(
            Tensor rewards, Tensor values, Tensor counted, double discount, double lambda) {
        Tensor known = Losses.kept(values, counted);
        Tensor steps = Losses.kept(rewards.add(following(known).mul(discount)).sub(known), counted);
        Tensor advantages = Losses.kept(steps.matmul(powers(steps, discount * lambda)), counted);
        return new Generalized(advantages, advantages.add(known));
    }

    /** {@code [time, time]}: row {@code s}, column {@code t} is {@code base^(s-t)} from the diagonal down, else 0. */
    private static Tensor powers(Tensor steps, double base) {
        int time = steps.shape().extent(1);
        float[] powers = new float[time * time];
        for (int from = 0; from < time; from++) {
            double power = 1;
            for (int at = from; at >= 0; at--) {
                powers[from * time + at] = (float) power;
                power *= base;
            }
        }
        Tracer tracer = steps.tracer();
        return tracer.constant(powers, Shape.of(time, time));
    }

    /** Of each position the value at the next one; 0 at the last. */
    private static Tensor following(Tensor x) {
        return x.slice(1, 1, x.shape().extent(1)).pad(1, 0, 1, 0);
    }
}
