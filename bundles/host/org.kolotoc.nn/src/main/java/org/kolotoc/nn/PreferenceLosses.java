package org.kolotoc.nn;

import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/**
 * Losses over answers that somebody put in order, in nats, one for each prompt. None of them changes when a constant is added
 * to all rewards.
 */
public final class PreferenceLosses {
    private PreferenceLosses() {}

    /**
     * {@code -log sigmoid(chosen - rejected)} (Bradley and Terry 1952).
     *
     * @param chosen {@code f32 [pairs]}, rewards of the better answers
     * @param rejected {@code f32 [pairs]}
     * @return {@code [pairs]}
     */
    public static Tensor pairwise(Tensor chosen, Tensor rejected) {
        return surprise(chosen.sub(rejected));
    }

    /**
     * The mean of {@link #pairwise} over all pairs of answers to a prompt (Ouyang et al., arXiv:2203.02155).
     *
     * @param rewards {@code f32 [prompts, answers]}, the best answer first
     * @return {@code [prompts]}
     */
    public static Tensor kwise(Tensor rewards) {
        int prompts = rewards.shape().extent(0);
        int answers = rewards.shape().extent(1);
        Shape pairs = Shape.of(prompts, answers, answers);
        Tracer tracer = rewards.tracer();
        Tensor apart = rewards.reshape(prompts, answers, 1).sub(rewards.reshape(prompts, 1, answers));
        Tensor ordered = tracer.iota(pairs, 1).lt(tracer.iota(pairs, 2));
        Tensor losses = ordered.select(surprise(apart), rewards.constant(0));
        return losses.sum(1, 2).div(answers * (answers - 1) / 2.0);
    }

    /**
     * Negative log likelihood of an order in which, place after place, the next is drawn from those that are left by a
     * softmax of their rewards (Plackett 1975, Luce 1959).
     *
     * @param rewards {@code f32 [prompts, answers]}, the best answer first
     * @return {@code [prompts]}
     */
    public static Tensor listwise(Tensor rewards) {
        int prompts = rewards.shape().extent(0);
        int answers = rewards.shape().extent(1);
        Shape places = Shape.of(prompts, answers, answers);
        Tracer tracer = rewards.tracer();
        Tensor all = rewards.reshape(prompts, 1, answers).broadcast(places);
        Tensor taken = tracer.iota(places, 2).lt(tracer.iota(places, 1));
        Tensor left = taken.select(all.constant(Double.NEGATIVE_INFINITY), all);
        return Functions.logSumExp(left, 2).sub(rewards).sum(1);
    }

    /**
     * The reward by which a policy would be the best one near its reference: {@code beta} times how much likelier it makes
     * an answer. {@link #pairwise} of it is direct preference optimisation (Rafailov et al., arXiv:2305.18290).
     *
     * @param logProbabilities {@code f32 [rows, time]} of the policy
     * @param reference {@code f32 [rows, time]}
     * @param counted {@code bool [rows, time]}, true of tokens of the answer
     * @return {@code [rows]}
     */
    public static Tensor implicitRewards(Tensor logProbabilities, Tensor reference, Tensor counted, double beta) {
        Tensor ratios = logProbabilities.sub(reference.stopGradient());
        return Losses.kept(ratios, counted).sum(-1).mul(beta);
    }

    /**
     * {@code -log sigmoid(x)}. Written with {@code |x|} twice, so that the derivative where both are equal is exactly one
     * half: a head that begins with zeros begins there.
     */
    private static Tensor surprise(Tensor x) {
        Tensor size = x.abs();
        return size.sub(x).mul(0.5).add(size.neg().exp().add(1).log());
    }
}
