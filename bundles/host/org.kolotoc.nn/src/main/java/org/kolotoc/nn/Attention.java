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
 * Multi-head dot-product attention (Vaswani et al., arXiv:1706.03762). The mask decides the topology: none for an encoder,
 * {@link Functions#causalMask} for a decoder; {@link #cross} looks at another sequence.
 *
 * <p>Queries, keys and values come out of one product with {@code input.weight [width, (heads + 2 keyValueHeads) headWidth]},
 * in this order; the heads of each lie side by side.
 *
 * @param keyValueHeads how many heads of keys and values there are, each for equally many heads of queries that lie side by
 *     side (grouped-query attention, Ainslie et al., arXiv:2305.13245); as many as heads in the plain form
 * @param headWidth of queries, keys and values
 * @param scaled whether scores are divided by the root of the head's width; T5 leaves them
 * @param output first content of the output layer's weights
 */
public record Attention(
        int width, int heads, int keyValueHeads, int headWidth, boolean bias, boolean scaled, Initializer output)
        implements Layer {
    /** Far below any score, yet finite: its exponential is exactly 0, and so is the gradient of what it hides. */
    private static final double HIDDEN = -1e9;

    public Attention {
        if (keyValueHeads < 1 || heads < 1 || heads % keyValueHeads != 0) {
            throw new IllegalArgumentException(
                    heads + " heads do not divide among " + keyValueHeads + " heads of keys and values");
        }
    }

    /** The plain form: as many heads of keys and values as of queries, together as wide as the stream. */
    public Attention(int width, int heads, boolean bias, Initializer output) {
        this(width, heads, heads, divided(width, heads), bias, true, output);
    }

    private static int divided(int width, int heads) {
        if (heads < 1 || width % heads != 0) {
            throw new IllegalArgumentException("width " + width + " does not divide into " + heads + " heads");
        }
        return width / heads;
    }

    /** Queries {@code [batch, heads, time, headWidth]}, keys and values {@code [batch, keyValueHeads, time, headWidth]}. */
    public record Projection(Tensor queries, Tensor keys, Tensor values) {}

    /** What is looked at of another sequence: keys and values {@code [batch, keyValueHeads, keys, headWidth]}. */
    public record Memory(Tensor keys, Tensor values) {}

    @Override
    public List<Parameter> parameters() {
        return Stream.concat(input().in("input"), last().in("output")).toList();
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
        return cross(weights, x, remember(weights, memory), mask, dropout);
    }

    /** The same where the other sequence was read before. */
    public Tensor cross(Weights weights, Tensor x, Memory memory, Tensor mask, Dropout dropout) {
        Tensor queries = split(part(weights, x, 0, heads), 0, heads, heads);
        return join(weights, attend(new Projection(queries, memory.keys(), memory.values()), mask, dropout));
    }

    /** Keys and values of another sequence {@code [batch, keys, width]}, for {@link #cross}. */
    public Memory remember(Weights weights, Tensor memory) {
        Tensor read = part(weights, memory, heads, inputHeads());
        return new Memory(
                split(read, 0, keyValueHeads, 2 * keyValueHeads),
                split(read, keyValueHeads, keyValueHeads, 2 * keyValueHeads));
    }

    /** Queries, keys and values of {@code [batch, time, width]}. */
    public Projection project(Weights weights, Tensor x) {
        Tensor all = input().apply(weights.in("input"), x);
        return new Projection(
                split(all, 0, heads, inputHeads()),
                split(all, heads, keyValueHeads, inputHeads()),
                split(all, heads + keyValueHeads, keyValueHeads, inputHeads()));
    }

    /**
     * What each query gathers of keys and values that may be more than the queries', say those of a cache: {@code [batch,
     * heads, queries, headWidth]}.
     */
    public Tensor attend(Projection projection, AttentionMask mask) {
        return Functions.attention(
                projection.queries(), everyHead(projection.keys()), everyHead(projection.values()), scale(), mask);
    }

    /** What each query gathers: {@code [batch, heads, queries, headWidth]}. */
    public Tensor attend(Projection projection, Tensor mask, Dropout dropout) {
        return attend(projection, mask, null, dropout);
    }

    /**
     * The same with numbers that are added to the scores.
     *
     * @param bias broadcasts to {@code [batch, heads, queries, keys]}, see {@link RelativeBias}; or null
     */
    public Tensor attend(Projection projection, Tensor mask, Tensor bias, Dropout dropout) {
        if (bias == null && dropout.isNone() && (mask == null || mask == causal(projection))) {
            return attend(projection, mask == null ? AttentionMask.NONE : AttentionMask.CAUSAL);
        }
        Tensor keys = everyHead(projection.keys());
        Tensor scores = projection.queries().matmul(keys.matrixTranspose()).mul(scale());
        Tensor biased = bias == null ? scores : scores.add(bias);
        Tensor seen = mask == null ? biased : mask.select(biased, biased.constant(HIDDEN));
        return dropout.apply(Functions.softmax(seen)).matmul(everyHead(projection.values()));
    }

    private double scale() {
        return scaled ? 1 / Math.sqrt(headWidth) : 1;
    }

    /** Keys or values once for every head of queries. */
    private Tensor everyHead(Tensor shared) {
        if (keyValueHeads == heads) {
            return shared;
        }
        Shape shape = shared.shape();
        int group = heads / keyValueHeads;
        int rows = shape.extent(0);
        int time = shape.extent(2);
        return shared.reshape(rows, keyValueHeads, 1, time, headWidth)
                .broadcast(Shape.of(rows, keyValueHeads, group, time, headWidth))
                .reshape(rows, heads, time, headWidth);
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
        Tensor beside = gathered.transpose(0, 2, 1, 3).reshape(shape.extent(0), shape.extent(2), heads * headWidth);
        return last().apply(weights.in("output"), beside);
    }

    /** The columns of some heads of the input layer. */
    private Tensor part(Weights weights, Tensor x, int from, int to) {
        Tensor product = x.matmul(weights.get("input.weight").slice(1, from * headWidth, to * headWidth));
        return bias ? product.add(weights.get("input.bias").slice(0, from * headWidth, to * headWidth)) : product;
    }

    /** Some heads of {@code [batch, time, all * headWidth]} as {@code [batch, count, time, headWidth]}. */
    private Tensor split(Tensor x, int from, int count, int all) {
        Shape shape = x.shape();
        if (shape.rank() != 3 || shape.extent(2) != all * headWidth) {
            throw new IllegalArgumentException("attention takes [batch, time, " + width + "], got " + shape);
        }
        return x.slice(2, from * headWidth, (from + count) * headWidth)
                .reshape(shape.extent(0), shape.extent(1), count, headWidth)
                .transpose(0, 2, 1, 3);
    }

    /** Heads that the input layer gives. */
    private int inputHeads() {
        return heads + 2 * keyValueHeads;
    }

    private Linear input() {
        return new Linear(width, inputHeads() * headWidth, bias, NORMAL);
    }

    private Linear last() {
        return new Linear(heads * headWidth, width, bias, output);
    }
}
