package org.kolotoc.tensor;

import java.util.List;

/**
 * A primitive operation: a name and its static attributes, nothing else. What it means is one row in each table: the
 * shape rule ({@link ShapeRules}), the reference interpreter, the gradient ({@link Gradients}), what it costs ({@link Program#flops()})
 * and a backend's kernel. Each table is an exhaustive {@code switch} over this sealed interface, so a missing row does not
 * compile.
 *
 * <p>Everything else (softmax, layer normalisation, losses, optimisers) is a function over these.
 *
 * <p>Numbers of {@code f32} may be NaN, infinite or subnormal; of subnormal operands and results every processor keeps what
 * IEEE 754 asks for, while a device may take them for 0.
 */
public sealed interface Op {

    /** A leaf that the caller binds to a buffer: a state (kept between runs, may be updated in place) or a feed. */
    record Input(String name, boolean state) implements Op {}

    /** A tensor of one value, which its type has: {@link DType#has}. */
    record Constant(double value) implements Op {}

    /** A tensor of given elements, {@code f32} or {@code i32}: data beside the program's code. */
    record Literal(Elements elements) implements Op {}

    /** {@code i32} indices 0, 1, 2, ... along one axis, equal along all others. */
    record Iota(int axis) implements Op {}

    /**
     * {@code f32} uniform in [0, 1): {@link CounterRandom} of the key (an {@code i32 [2]} operand), this stream, and
     * the row-major index of the element.
     */
    record RandomUniform(int stream) implements Op {}

    /**
     * {@code f32} normal with mean 0 and deviation 1: {@link NormalQuantile} of the numbers of {@link RandomUniform}. A
     * device whose roots and quotients are not those of IEEE 754 may be off by 1 part in 100,000.
     */
    record RandomNormal(int stream) implements Op {}

    /** One operand, element by element. */
    record Unary(UnaryKind kind) implements Op {}

    /** Two operands of equal shape and type, element by element. */
    record Binary(BinaryKind kind) implements Op {}

    /** Two operands of equal shape and type, element by element, to {@code bool}. */
    record Compare(CompareKind kind) implements Op {}

    /** {@code bool}, then two operands of equal shape and type: the first where true, the second where false. */
    record Select() implements Op {}

    /**
     * Conversion to another type. {@code f32} to {@code i32} truncates towards zero, what is beyond its range becomes the
     * nearest number of the range, NaN becomes 0; {@code i32} to {@code f32} rounds to nearest, ties to even; to
     * {@code bool} is {@code != 0}, which NaN is.
     */
    record Cast(DType to) implements Op {}

    /**
     * Reduction over axes (ascending), which disappear from the shape. Of nothing, SUM is 0 and MAX minus infinity, or the
     * smallest {@code i32}.
     */
    record Reduce(ReduceKind kind, List<Integer> axes) implements Op {}

    /** Repeats axes of extent 1 to the given shape of the same rank. */
    record Broadcast(Shape shape) implements Op {}

    /** The same elements in row-major order under another shape of the same size. */
    record Reshape(Shape shape) implements Op {}

    /** Axis {@code i} of the result is axis {@code permutation[i]} of the operand. */
    record Transpose(List<Integer> permutation) implements Op {}

    /** The box from {@code starts} (inclusive) to {@code limits} (exclusive). */
    record Slice(List<Integer> starts, List<Integer> limits) implements Op {}

    /** {@code low} and {@code high} further elements of {@code value} on each axis. */
    record Pad(List<Integer> low, List<Integer> high, double value) implements Op {}

    /** Operands one after the other along an axis. */
    record Concat(int axis) implements Op {}

    /**
     * The window of {@code size} along an axis that starts at the second operand: an {@code i32} scalar, or {@code [rows]},
     * one for each row of the first axis, where the window is along another one. A start is clamped so that the window fits.
     */
    record DynamicSlice(int axis, int size) implements Op {}

    /** The first operand with the second written along an axis from the third, which is as in {@link DynamicSlice}. */
    record DynamicUpdate(int axis) implements Op {}

    /**
     * Rows of the first operand {@code [rows, rest...]} at {@code i32} indices {@code [k...]}: {@code [k..., rest...]}.
     * An index outside {@code [0, rows)} gives a row of zeros.
     */
    record Gather() implements Op {}

    /**
     * The adjoint of {@link Gather}: indices {@code [k...]} and updates {@code [k..., rest...]} give
     * {@code [rows, rest...]}, zeros plus every update at its row, added in ascending order of position. An index
     * outside {@code [0, rows)} is dropped.
     */
    record ScatterAdd(int rows) implements Op {}

    /**
     * Elements of the first operand along an axis at {@code i32} indices, whose shape is that of the first but for this axis,
     * and that of the result: {@code result[.., i, ..] = x[.., indices[.., i, ..], ..]}. An index outside gives 0.
     */
    record GatherAlong(int axis) implements Op {}

    /**
     * The adjoint of {@link GatherAlong}: indices and updates of one shape give that shape with another extent on the axis,
     * zeros plus every update at its index, added in ascending order of position. An index outside is dropped.
     */
    record ScatterAddAlong(int axis, int extent) implements Op {}

    /**
     * Along an axis the sum of each element and all before it; of all behind it if reversed. In an order that depends on the
     * shape alone, as {@link ReduceKind}.
     */
    record CumulativeSum(int axis, boolean reversed) implements Op {}

    /**
     * Of each row (the last axis) the {@code i32} indices of the first {@code count} elements in order. Equal elements, such
     * as zeros of either sign, stay in the order of their indices, whichever way is sorted; NaN is larger than all numbers
     * and equal to itself.
     */
    record ArgSort(int count, boolean descending) implements Op {}

    /** {@code [batch..., m, k]} times {@code [batch..., k, n]}, equal batch axes: {@code [batch..., m, n]}. */
    record MatMul(Precision precision) implements Op {}

    /**
     * Convolution, which is a correlation here as everywhere in the field: kernels are not turned. Images
     * {@code [batch, channels, height, width]} and weights {@code [filters, channels / groups, places down, places across]}
     * give {@code [batch, filters, rows, columns]}: of each window the sum over its places and the channels of the filter's
     * group, zeros in the padding. Filter {@code f} is in group {@code f / (filters / groups)}, channels likewise.
     *
     * <p>The sum {@code t} of the result's products with a cotangent is linear in images, weights and cotangent alike. So the
     * derivative of {@code t} by the cotangent is this operation, by the images {@link Conv2dInputGradient}, by the weights
     * {@link Conv2dWeightGradient}, and derivatives of these are among the three again.
     */
    record Conv2d(Window2d window, int groups) implements Op {}

    /**
     * The adjoint of {@link Conv2d} by the images, also known as transposed convolution: a cotangent
     * {@code [batch, filters, rows, columns]} and the weights give {@code [batch, channels, height, width]}. Elements that no
     * window sees are 0.
     */
    record Conv2dInputGradient(Window2d window, int groups, int height, int width) implements Op {}

    /**
     * The adjoint of {@link Conv2d} by the weights: images and a cotangent give {@code [filters, channels / groups, height,
     * width]}.
     *
     * @param height of the weights
     * @param width of the weights
     */
    record Conv2dWeightGradient(Window2d window, int groups, int height, int width) implements Op {}

    /**
     * Scaled dot-product attention (Vaswani et al., arXiv:1706.03762): queries {@code [batch..., m, d]}, keys
     * {@code [batch..., n, d]} and values {@code [batch..., n, e]} give {@code softmax(scale q k^T) v}, {@code [batch...,
     * m, e]}. One primitive, so that no backend has to keep the {@code [m, n]} weights (Dao et al., arXiv:2205.14135).
     * Where an operand has a number that is not finite, it is not defined which results of its matrix are NaN.
     *
     * @param scale finite; of any sign
     * @param mask which keys a query sees; its operands follow the values
     */
    record Attention(double scale, Mask mask) implements Op {}

    /**
     * One part of the adjoint of {@link Attention}: its three operands and the cotangent {@code [batch..., m, e]} of its
     * result, then those of the mask, give the cotangent of one operand.
     */
    record AttentionGradient(double scale, Mask mask, AttentionPart part) implements Op {}

    /**
     * Which keys a query of attention sees. What is hidden has exactly no weight and no gradient, and a query that sees
     * nothing gives zeros. The operands are {@code i32 [rows]}, a number of any size for each row of the first axis: the
     * starts if there are some, then the lengths.
     *
     * @param causal whether query {@code i} of row {@code b} sees keys 0 to {@code starts[b] + i} alone, or to {@code i}
     * @param starts whether there are starts; only if causal
     * @param lengths whether row {@code b} sees keys below {@code lengths[b]} alone
     */
    record Mask(boolean causal, boolean starts, boolean lengths) {
        public Mask {
            if (starts && !causal) {
                throw new IllegalArgumentException("positions of queries hide no keys unless attention is causal");
            }
        }

        /** How many operands it has. */
        public int operands() {
            return (starts ? 1 : 0) + (lengths ? 1 : 0);
        }
    }

    /**
     * One result of a loop over time: its operands are those of {@link Loop}. Results of one loop over the same operands are
     * computed together, however many are wanted; {@link org.kolotoc.tensor.Scan} makes them all.
     */
    record Scan(Loop loop, Loop.Part part) implements Op {}

    /** The operand itself, through which no gradient flows. */
    record StopGradient() implements Op {}

    /**
     * The first operand itself, but what depends on it is computed only once the second is known. It costs nothing; it
     * keeps a value that is computed again (see {@link Gradients#rematerializing}) from being the value of before.
     */
    record OptimizationBarrier() implements Op {}

    /** The operands of {@link Attention}, in this order. */
    enum AttentionPart {
        QUERIES,
        KEYS,
        VALUES
    }

    /** How a product is formed of {@code f32} operands; the result is {@code f32}, and so are the sums, at least. */
    enum Precision {
        /** As they are. */
        F32(0),
        /**
         * Each operand rounded to bfloat16, to nearest, ties to even, from half a step above the largest to infinity; the
         * products of two such numbers are exact. Subnormal operands may be taken for 0.
         */
        BF16(16),
        /** As {@link #BF16}, to the eleven significant bits of TF32; the library of a device may cut off what lies behind. */
        TF32(13);

        private final int dropped;

        Precision(int dropped) {
            this.dropped = dropped;
        }

        /** The last bits of a float that are rounded away. */
        public int dropped() {
            return dropped;
        }
    }

    /**
     * Functions of one element. NOT takes {@code bool}; NEG, ABS and SIGN also {@code i32}, where the smallest number stays
     * what it is; the rest {@code f32}, with the values of IEEE 754 at infinities, zeros of either sign and NaN: SIGN,
     * SQRT, TANH, ERF, SIN and FLOOR of -0 are -0, LOG of it is minus infinity.
     */
    enum UnaryKind {
        NEG,
        ABS,
        SIGN,
        EXP,
        LOG,
        SQRT,
        RSQRT,
        TANH,
        ERF,
        SIN,
        COS,
        FLOOR,
        NOT
    }

    /**
     * Functions of two elements. AND and OR take {@code bool}; POW and DIV {@code f32}; the rest {@code f32} and
     * {@code i32}, which wraps around. MAX and MIN are NaN where one of the two is, and -0 is less than 0; POW is that of
     * IEEE 754: 1 for exponent 0 and for base 1, whatever the other.
     */
    enum BinaryKind {
        ADD,
        SUB,
        MUL,
        DIV,
        MAXIMUM,
        MINIMUM,
        POW,
        AND,
        OR
    }

    /** Comparisons; any comparison with NaN is false except NE. */
    enum CompareKind {
        EQ,
        NE,
        LT,
        LE
    }

    /**
     * Reductions, as the sum or maximum of two; {@code i32} wraps around. Backends add in an order that depends on the
     * shape alone, in {@code f32} at least, so whether a sum of large numbers overflows on the way, and the sign of a sum
     * that is 0, are not defined.
     */
    enum ReduceKind {
        SUM,
        MAX
    }

    /** The name printed in programs and errors: {@code matmul}, {@code reduce_sum}, {@code exp}. */
    default String label() {
        return switch (this) {
            case Input i -> i.state() ? "state" : "feed";
            case Unary u -> u.kind().name().toLowerCase(java.util.Locale.ROOT);
            case Binary b -> b.kind().name().toLowerCase(java.util.Locale.ROOT);
            case Compare c -> c.kind().name().toLowerCase(java.util.Locale.ROOT);
            case Reduce r -> "reduce_" + r.kind().name().toLowerCase(java.util.Locale.ROOT);
            default ->
                getClass()
                        .getSimpleName()
                        .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                        .toLowerCase(java.util.Locale.ROOT);
        };
    }
}
