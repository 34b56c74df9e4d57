package org.kolotoc.nn;

import java.util.List;
import java.util.stream.Stream;
import org.kolotoc.tensor.AttentionMask;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;

/**
 * Multi-head scaled dot-product attention (Vaswani et al., arXiv:1706.03762). The mask decides the topology: none for
 * an encoder, {@link Functions#causalMask} for a decoder; {@link #cross} looks at another sequence.
 *
 * <p>Queries, keys and values come out of one product with {@code input.weight [width, 3 * width]}, in this order; the
 * heads of each lie side by side.
 */
public record Attention(int width, int heads, boolean bias, Initializer output) implements Layer {
    /** Far below any score, yet finite: its exponential is exactly 0, and so is the gradient of what it hides. */
    private static final double HIDDEN = -1e9;

    public Attention {
        if (heads < 1 || width % heads != 0) {
            throw new IllegalArgumentException("width " + width + " does not divide into " + heads + " heads");
        }
    }

    /** Queries, keys and values {@code [batch, heads, time, headWidth]} of one sequence. */
    public record Projection(Tensor queries, Tensor keys, Tensor values) {}

    @Override
    public List<Parameter> parameters() {
        return Stream.concat(input().in("input"), last().in("output")).toList();
    }

    /** Width of a head. */
    public int headWidth() {
        return width / heads;
    }

    /**
     * A sequence looks at itself.
     *
     * @param x {@code [batch, time, width]}
     * @param mask {@code bool}, see {@link Masks}, or null to hide nothing
     * @param dropout of the attention weights
     * @return {@code [batch, time, width]}
     */
    public Tensor apply(Weights weights, Tensor x, Tensor mask, Dropout dropout) {
        return join(weights, attend(project(weights, x), mask, dropout));
    }

    /**
     * A sequence {@code [batch, time, width]} looks at another {@code [batch, keys, width]}.
     *
     * @return {@code [batch, time, width]}
     */
    public Tensor cross(Weights weights, Tensor x, Tensor memory, Tensor mask, Dropout dropout) {
        Tensor queries = split(part(weights, x, 0, 1), 0, 1);
        Tensor remembered = part(weights, memory, 1, 3);
        Projection projection = new Projection(queries, split(remembered, 0, 2), split(remembered, 1, 2));
        return join(weights, attend(projection, mask, dropout));
    }

    /** Queries, keys and values of {@code [batch, time, width]}. */
    public Projection project(Weights weights, Tensor x) {
        Tensor all = input().apply(weights.in("input"), x);
        return new Projection(split(all, 0, 3), split(all, 1, 3), split(all, 2, 3));
    }

    /**
     * What each query gathers of keys and values that may be more than the queries', say those of a cache: {@code [batch,
     * heads, queries, headWidth]}.
     */
    public Tensor attend(Projection projection, AttentionMask mask) {
        return Functions.attention(
                projection.queries(), projection.keys(), projection.values(), 1 / Math.sqrt(headWidth()), mask);
    }

    /** What each query gathers: {@code [batch, heads, queries, headWidth]}. */
    public Tensor attend(Projection projection, Tensor mask, Dropout dropout) {
        if (dropout.isNone() && (mask == null || mask == causal(projection))) {
            return attend(projection, mask == null ? AttentionMask.NONE : AttentionMask.CAUSAL);
        }
        Tensor scores =
                projection.queries().matmul(projection.keys().matrixTranspose()).mul(1 / Math.sqrt(headWidth()));
        Tensor seen = mask == null ? scores : mask.select(scores, scores.constant(HIDDEN));
        return dropout.apply(Functions.softmax(seen)).matmul(projection.values());
    }

    /** The causal mask of a projection; a trace has equal nodes once, so whoever made it has this very one. */
    private static Tensor causal(Projection projection) {
        return Functions.causalMask(
                projection.queries().tracer(),
                projection.queries().shape().extent(-2),
                projection.keys().shape().extent(-2));
    }

    /** Heads {@code [batch, heads, time, headWidth]} side by side, through the output layer: {@code [batch, time, width]}. */
    public Tensor join(Weights weights, Tensor gathered) {
        Shape shape = gathered.shape();
        Tensor beside = gathered.transpose(0, 2, 1, 3).reshape(shape.extent(0), shape.extent(2), width);
        return last().apply(weights.in("output"), beside);
    }

    private Tensor part(Weights weights, Tensor x, int from, int to) {
        Tensor product = x.matmul(weights.get("input.weight").slice(1, from * width, to * width));
        return bias ? product.add(weights.get("input.bias").slice(0, from * width, to * width)) : product;
    }

    /** Part {@code index} of {@code [batch, time, parts * width]} as {@code [batch, heads, time, headWidth]}. */
    private Tensor split(Tensor all, int index, int parts) {
        Shape shape = all.shape();
        if (shape.rank() != 3 || shape.extent(2) != parts * width) {
            throw new IllegalArgumentException("attention takes [batch, time, " + width + "], got " + shape);
        }
        return all.slice(2, index * width, (index + 1) * width)
                .reshape(shape.extent(0), shape.extent(1), heads, headWidth())
                .transpose(0, 2, 1, 3);
    }

    private Linear input() {
        return new Linear(width, 3 * width, bias, NORMAL);
    }

    private Linear last() {
        return new Linear(width, width, bias, output);
    }
}
