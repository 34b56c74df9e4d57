package org.kolotoc.tensor;

import java.util.ArrayList;
import java.util.List;

/**
 * The functions of the field, over primitives. A backend sees primitives alone and fuses them; none of these is special
 * to it.
 */
public final class Functions {
    private static final double ROOT_TWO_OVER_PI = Math.sqrt(2 / Math.PI);
    private static final double GELU_CUBIC = 0.044715;

    private Functions() {}

    // Activations

    /** {@code exp(x) / sum(exp(x))} along the last axis, shifted by the maximum so that nothing overflows. */
    public static Tensor softmax(Tensor x) {
        Tensor exp = shifted(x).exp();
        return exp.div(exp.sumKeepDims(-1));
    }

    /** {@code log(softmax(x))} along the last axis, without ever taking the logarithm of 0. */
    public static Tensor logSoftmax(Tensor x) {
        Tensor shifted = shifted(x);
        return shifted.sub(shifted.exp().sumKeepDims(-1).log());
    }

    /** {@code log(sum(exp(x)))} along an axis, which disappears; nothing overflows. Minus infinity of nothing. */
    public static Tensor logSumExp(Tensor x, int axis) {
        return logSumExpKeepDims(x, axis).sum(axis);
    }

    /** The same; the axis stays with extent 1. */
    public static Tensor logSumExpKeepDims(Tensor x, int axis) {
        Tensor largest = x.stopGradient().maxKeepDims(axis);
        // Infinities would be subtracted from each other.
        Tensor finite = largest.abs().lt(x.constant(Double.POSITIVE_INFINITY));
        Tensor shift = finite.select(largest, x.constant(0));
        return x.sub(shift).exp().sumKeepDims(axis).log().add(shift);
    }

    /**
     * Elements of rows in order.
     *
     * @param values {@code [..., count]}, through which gradients flow to the elements that were taken
     * @param indices {@code i32 [..., count]}, where they were
     */
    public record Ordered(Tensor values, Tensor indices) {}

    /** Every row {@code [..., n]} in order; ties by the lower index, NaN above all numbers, see {@link Op.ArgSort}. */
    public static Ordered sort(Tensor x, boolean descending) {
        int axis = x.tracer().axis("sort", x.shape(), -1);
        return ordered(x, x.argSort(x.shape().extent(axis), descending));
    }

    /** The {@code k} largest elements of each row {@code [..., n]}, the largest first; see {@link #sort}. */
    public static Ordered topK(Tensor x, int k) {
        return ordered(x, x.argSort(k, true));
    }

    private static Ordered ordered(Tensor x, Tensor indices) {
        return new Ordered(x.gatherAlong(-1, indices), indices);
    }

    /** The maximum cancels in the value, so no gradient has to flow through it. */
    private static Tensor shifted(Tensor x) {
        return x.sub(x.stopGradient().maxKeepDims(-1));
    }

    /** {@code 1 / (1 + exp(-x))}, as {@code (1 + tanh(x / 2)) / 2}, which does not overflow. */
    public static Tensor sigmoid(Tensor x) {
        return x.mul(0.5).tanh().add(1).mul(0.5);
    }

    /** {@code max(x, 0)}; the derivative at 0 is 1. */
    public static Tensor relu(Tensor x) {
        return x.maximum(0);
    }

    /** {@code x} above 0, {@code slope x} below it (Maas et al., ICML 2013). */
    public static Tensor leakyRelu(Tensor x, double slope) {
        return x.maximum(0).add(x.minimum(0).mul(slope));
    }

    /**
     * Gaussian error linear unit, tanh form: {@code x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))} (Hendrycks and Gimpel,
     * arXiv:1606.08415).
     */
    public static Tensor gelu(Tensor x) {
        Tensor inner = x.add(x.mul(x).mul(x).mul(GELU_CUBIC)).mul(ROOT_TWO_OVER_PI);
        return x.mul(0.5).mul(inner.tanh().add(1));
    }

    /** Gaussian error linear unit: {@code x/2 (1 + erf(x / sqrt(2)))}. */
    public static Tensor geluExact(Tensor x) {
        return x.mul(0.5).mul(x.mul(1 / Math.sqrt(2)).erf().add(1));
    }

    /** {@code x sigmoid(x)}. */
    public static Tensor silu(Tensor x) {
        return x.mul(sigmoid(x));
    }

    /** {@code log(1 + exp(x))}, as {@code max(x, 0) + log(1 + exp(-|x|))}. */
    public static Tensor softplus(Tensor x) {
        return x.maximum(0).add(x.abs().neg().exp().add(1).log());
    }

    // Means and normalisation

    /** Mean over axes, which disappear; over all when none is named. NaN where there is nothing. */
    public static Tensor mean(Tensor x, int... axes) {
        Tensor sum = x.sum(axes);
        double count = (double) x.shape().size() / Math.max(1, sum.shape().size());
        return sum.div(count);
    }

    /** Mean over one axis, which stays with extent 1. */
    public static Tensor meanKeepDims(Tensor x, int axis) {
        return x.sumKeepDims(axis).mul(1.0 / x.shape().extent(axis));
    }

    /** Population variance over one axis, which stays with extent 1. */
    public static Tensor varianceKeepDims(Tensor x, int axis) {
        Tensor centred = x.sub(meanKeepDims(x, axis));
        return meanKeepDims(centred.mul(centred), axis);
    }

    /** Square root of the sum of all squares. */
    public static Tensor norm(Tensor x) {
        return x.mul(x).sum().sqrt();
    }

    /**
     * {@code scale (x - mean) / sqrt(variance + epsilon) + bias} along the last axis (Ba, Kiros and Hinton,
     * arXiv:1607.06450).
     *
     * @param x {@code [..., width]}
     * @param scale {@code [width]}
     * @param bias {@code [width]}
     */
    public static Tensor layerNorm(Tensor x, Tensor scale, Tensor bias, double epsilon) {
        Tensor centred = x.sub(meanKeepDims(x, -1));
        Tensor deviation = meanKeepDims(centred.mul(centred), -1).add(epsilon).rsqrt();
        return centred.mul(deviation).mul(scale).add(bias);
    }

    /** {@code scale x / sqrt(mean(x^2) + epsilon)} along the last axis (Zhang and Sennrich, arXiv:1910.07467). */
    public static Tensor rmsNorm(Tensor x, Tensor scale, double epsilon) {
        return x.mul(meanKeepDims(x.mul(x), -1).add(epsilon).rsqrt()).mul(scale);
    }

    // Losses

    /**
     * Negative log likelihood of targets, in nats.
     *
     * @param logits {@code [..., classes]}
     * @param targets {@code i32 [...]}; where one is outside the classes the result is the log of the normaliser
     * @return {@code [...]}
     */
    public static Tensor crossEntropy(Tensor logits, Tensor targets) {
        Tensor shifted = shifted(logits);
        Tensor normaliser = shifted.exp().sum(-1).log();
        // Compared, not gathered, so that it is one pass of a row kernel.
        Tensor chosen = isTarget(targets, logits.shape()).select(shifted, logits.constant(0));
        return normaliser.sub(chosen.sum(-1));
    }

    /** 1 at each index, 0 elsewhere: {@code i32 [...]} to {@code f32 [..., classes]}. */
    public static Tensor oneHot(Tensor indices, int classes) {
        int rank = indices.shape().rank();
        long[] extents = new long[rank + 1];
        for (int axis = 0; axis < rank; axis++) {
            extents[axis] = indices.shape().extent(axis);
        }
        extents[rank] = classes;
        Shape shape = indices.tracer().shape("one_hot", List.of(indices.shape(), Shape.of(classes)), extents);
        return isTarget(indices, shape).cast(DType.F32);
    }

    private static Tensor isTarget(Tensor indices, Shape shape) {
        int[] extents = java.util.Arrays.copyOf(indices.shape().extents(), shape.rank());
        extents[shape.rank() - 1] = 1;
        return indices.reshape(Shape.of(extents))
                .broadcast(shape)
                .eq(indices.tracer().iota(shape, -1));
    }

    // Regularisation

    /**
     * Zeroes elements with a probability and scales the others so that the mean stays (Srivastava et al., JMLR 2014).
     *
     * @param rate in [0, 1)
     * @param key {@code i32 [2]}, seed and step
     */
    public static Tensor dropout(Tensor x, double rate, Tensor key) {
        if (!(rate >= 0 && rate < 1)) {
            throw x.tracer().error("dropout: rate " + rate + " is not in [0, 1)");
        }
        if (rate == 0) {
            return x;
        }
        Tensor kept = x.tracer().uniform(key, x.shape()).ge(x.constant(rate));
        return kept.select(x.mul(1 / (1 - rate)), x.constant(0));
    }

    // Attention

    /**
     * Scaled dot-product attention as one primitive, see {@link Op.Attention}.
     *
     * @param queries {@code [batch..., m, d]}
     * @param keys {@code [batch..., n, d]}
     * @param values {@code [batch..., n, e]}
     * @param causal whether query {@code i} sees keys 0 to {@code i} alone
     * @return {@code [batch..., m, e]}
     */
    public static Tensor attention(Tensor queries, Tensor keys, Tensor values, double scale, boolean causal) {
        return attention(queries, keys, values, scale, causal ? AttentionMask.CAUSAL : AttentionMask.NONE);
    }

    /**
     * The same where rows have lengths or positions of their own, say {@code [batch, heads, time, width]}; no backend that
     * keeps no weights {@code [m, n]} without a mask keeps them with one.
     *
     * @param mask which keys a query sees; its tensors are {@code i32} of the first axis of the others
     */
    public static Tensor attention(Tensor queries, Tensor keys, Tensor values, double scale, AttentionMask mask) {
        List<Tensor> operands = new ArrayList<>(List.of(queries, keys, values));
        operands.addAll(mask.operands());
        return queries.tracer().append(new Op.Attention(scale, mask.kind()), operands);
    }

    /** The same as {@link #attention}, spelled out: its weights {@code [batch..., m, n]} are a tensor like any other. */
    static Tensor softmaxAttention(Tensor queries, Tensor keys, Tensor values, double scale, AttentionMask mask) {
        return attentionWeights(queries, keys, scale, mask).matmul(values);
    }

    /** How much of each value a query takes, {@code [batch..., m, n]}. */
    static Tensor attentionWeights(Tensor queries, Tensor keys, double scale, AttentionMask mask) {
        Tensor all = queries.matmul(keys.matrixTranspose()).mul(scale);
        Tensor nothing = all.constant(Double.NEGATIVE_INFINITY);
        // Below any score: its exponential is exactly 0, and so is the gradient of what it hides.
        Tensor scores = mask.visible(queries.tracer(), all.shape())
                .map(visible -> visible.select(all, nothing))
                .orElse(all);
        if (!mask.mayHideAll()) {
            return softmax(scores);
        }
        Tensor largest = scores.stopGradient().maxKeepDims(-1);
        Tensor exp =
                scores.sub(largest.eq(nothing).select(all.constant(0), largest)).exp();
        // The largest is exp(0), so the sum is at least 1 unless nothing is seen.
        return exp.div(exp.sumKeepDims(-1).maximum(1));
    }

    /** {@code bool [rows, columns]}: whether a column is not after its row. */
    public static Tensor causalMask(Tracer tracer, int rows, int columns) {
        Shape shape = Shape.of(rows, columns);
        return tracer.iota(shape, 1).le(tracer.iota(shape, 0));
    }

    /**
     * The sum of products over all axes that the result does not name: {@code einsum("bij,bjk->bik", x, y)} multiplies
     * matrices, {@code "ij->ji"} transposes, {@code "ii->"} is a trace, {@code "bhqd,bhkd->bhqk"} are scores. Operands are
     * multiplied from left to right.
     *
     * @param spec a letter for each axis of each operand, and of the result behind {@code ->}; equal letters have equal extents
     * @param operands {@code f32}
     * @throws ShapeError when they don't fit, naming the letter at fault
     */
    public static Tensor einsum(String spec, Tensor... operands) {
        return Einsum.of(spec, operands);
    }
}
