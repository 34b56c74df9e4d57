package org.kolotoc.nn;

import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Tensor;

/**
 * Losses of a policy over answers that it wrote. Everywhere {@code [rows, time]} are log-probabilities of the tokens that
 * follow, a row an answer, and {@code counted} is a {@code bool [rows, time]}, true of tokens of the answer: the others have
 * exactly zero gradient, whatever is there.
 */
public final class PolicyLosses {
    private PolicyLosses() {}

    /**
     * Log-probabilities of targets, in nats.
     *
     * @param logits {@code f32 [..., vocab]}
     * @param targets {@code i32 [...]}
     */
    public static Tensor logProbabilities(Tensor logits, Tensor targets) {
        return Functions.crossEntropy(logits, targets).neg();
    }

    /**
     * The policy gradient (Williams 1992): each answer's log-probability by how good it was; the mean over rows.
     *
     * @param advantages {@code [rows]}, taken as constants
     */
    public static Tensor reinforce(Tensor logProbabilities, Tensor counted, Tensor advantages) {
        Tensor answers = Losses.kept(logProbabilities, counted).sum(-1);
        return Functions.mean(answers.mul(advantages.stopGradient())).neg();
    }

    /**
     * How often likelier tokens are than they were when they were written.
     *
     * @param old {@code [rows, time]}, taken as constants
     * @return {@code [rows, time]}, 1 where nothing is counted
     */
    public static Tensor ratios(Tensor logProbabilities, Tensor old, Tensor counted) {
        return Losses.kept(logProbabilities.sub(old.stopGradient()), counted).exp();
    }

    /**
     * The clipped surrogate objective of each token (Schulman et al., arXiv:1707.06347): nothing is gained by a ratio beyond
     * {@code 1 - clip} to {@code 1 + clip}.
     *
     * @param ratios {@code [rows, time]}, see {@link #ratios}
     * @param advantages {@code [rows, time]}, or {@code [rows, 1]} for all tokens of an answer; constants
     * @return {@code [rows, time]}, to be {@link Losses#mean averaged}
     */
    public static Tensor clipped(Tensor ratios, Tensor advantages, double clip) {
        Tensor gain = advantages.stopGradient().neg();
        return ratios.mul(gain).maximum(within(ratios, ratios.constant(1), clip).mul(gain));
    }

    /** Share of counted tokens whose ratio is beyond {@code 1 - clip} to {@code 1 + clip}. */
    public static Tensor clipFraction(Tensor ratios, double clip, Tensor counted) {
        return Losses.mean(ratios.sub(1).abs().gt(ratios.constant(clip)).cast(DType.F32), counted);
    }

    /**
     * Half the squared error of values, of which no step may move one farther than {@code clip} from what it was.
     *
     * @param values {@code [rows, time]}
     * @param old {@code [rows, time]}, when the answer was written
     * @param returns {@code [rows, time]}, see {@link Advantages#generalized}
     * @return scalar, the mean over counted tokens
     */
    public static Tensor clippedValues(Tensor values, Tensor old, Tensor returns, double clip, Tensor counted) {
        Tensor known = Losses.kept(values, counted);
        Tensor free = known.sub(Losses.kept(returns, counted));
        Tensor held = within(known, Losses.kept(old, counted), clip).sub(Losses.kept(returns, counted));
        return Losses.mean(free.mul(free).maximum(held.mul(held)), counted).mul(0.5);
    }

    /**
     * An estimate of the divergence from a reference at each token that is never negative: {@code exp(d) - d - 1} of {@code d
     * = reference - policy} (Schulman 2020, «Approximating KL divergence», k3).
     *
     * @return {@code [rows, time]}, 0 where nothing is counted
     */
    public static Tensor divergences(Tensor logProbabilities, Tensor reference, Tensor counted) {
        Tensor apart = Losses.kept(reference.stopGradient().sub(logProbabilities), counted);
        return apart.exp().sub(apart).sub(1);
    }

    private static Tensor within(Tensor x, Tensor of, double clip) {
        return x.maximum(of.sub(clip)).minimum(of.add(clip));
    }
}
