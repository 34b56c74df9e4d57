package org.kolotoc.compiler;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Op.AttentionPart;
import org.kolotoc.tensor.Op.Precision;

/** One unit of work for a device. Sizes of zero do nothing. */
public sealed interface Launch {
    /** For people, unique in the plan: {@code block0.attention.softmax#12}. */
    String name();

    /** Floating-point operations. */
    long flops();

    /** Bytes read and written at the least. */
    long bytes();

    /** Numbers of the buffers that it reads and writes, each once. */
    default List<Integer> buffers() {
        return switch (this) {
            case Fused fused ->
                fused.body().stream()
                        .<Integer>mapMulti((instruction, found) -> {
                            switch (instruction) {
                                case Instruction.Load load -> found.accept(load.buffer());
                                case Instruction.Store store -> found.accept(store.buffer());
                                case Instruction.ColumnReduce columns -> found.accept(columns.buffer());
                                default -> {}
                            }
                        })
                        .distinct()
                        .toList();
            case Product p ->
                Stream.of(p.a().buffer(), p.b().buffer(), p.c().buffer(), p.bias())
                        .filter(buffer -> buffer != Product.NO_BIAS)
                        .distinct()
                        .toList();
            case Convolution c ->
                Stream.of(c.images().buffer(), c.weights(), c.result().buffer())
                        .distinct()
                        .toList();
            case Attention a -> distinct(Stream.concat(a.heads().matrices(), Stream.of(a.out())));
            case AttentionGradient a ->
                distinct(Stream.of(a.heads().matrices(), Stream.of(a.cotangent()), a.gradients().values().stream())
                        .flatMap(matrices -> matrices));
            case GatherRows g -> List.of(g.table(), g.index(), g.out());
            case ScatterRows s -> List.of(s.index(), s.updates(), s.out());
            case GatherAlong g -> List.of(g.table(), g.index(), g.out());
            case ScatterAlong s -> List.of(s.index(), s.updates(), s.out());
            case Scan s -> List.of(s.in(), s.out());
            case Order o -> List.of(o.in(), o.out());
            case Window w -> List.of(w.tensor(), w.window(), w.start());
            case Loop l ->
                Stream.of(
                                l.carries().stream().map(Carry::initial),
                                l.places().values().stream().map(Place::buffer),
                                Stream.of(l.scratch()))
                        .flatMap(buffers -> buffers)
                        .filter(buffer -> buffer != Loop.NO_SCRATCH)
                        .distinct()
                        .toList();
        };
    }

    private static List<Integer> distinct(Stream<Matrix> matrices) {
        return matrices.map(Matrix::buffer).distinct().toList();
    }

    /**
     * A fused loop nest: for every row of the outer axes, passes over the inner axis.
     *
     * <p>The body is in static single assignment form: instruction {@code i} defines value {@code i}, operands come
     * before users. A value is <em>varying</em> when it varies along the inner axis and <em>uniform</em> when it does not
     * (see {@link Instruction}); a {@link Instruction.RowReduce} turns a varying value into a uniform one, so what depends
     * on it needs a further pass over the row. Rows are independent of each other except for
     * {@link Instruction.ColumnReduce}; without a row reduction so are all elements.
     *
     * @param outer extents of the outer axes; their product is the number of rows; empty means one row
     * @param inner extent of the inner axis
     */
    record Fused(String name, List<Integer> outer, int inner, List<Instruction> body, long flops, long bytes)
            implements Launch {
        /** Number of rows. */
        public int rows() {
            int rows = 1;
            for (int extent : outer) {
                rows *= extent;
            }
            return rows;
        }

        public boolean reducesRows() {
            return body.stream().anyMatch(Instruction.RowReduce.class::isInstance);
        }
    }

    /**
     * Matrix products {@code c = a . b}, or {@code a . b} plus a vector for every row, for every index of up to two batch
     * axes. Row {@code i} and column {@code j} of a matrix lie at {@code offset + batch0 * batchStrides[0] + batch1 * batchStrides[1] + i * row + j * column}.
     *
     * @param batch extents of the two batch axes, outer first; 1 where there is none
     * @param bias the buffer of the vector {@code [n]}, dense, or {@link #NO_BIAS}
     * @param precision in which operands are taken
     */
    record Product(
            String name,
            List<Integer> batch,
            int m,
            int n,
            int k,
            Matrix a,
            Matrix b,
            Matrix c,
            int bias,
            Precision precision,
            long flops,
            long bytes)
            implements Launch {
        /** No buffer. */
        public static final int NO_BIAS = -1;

        public boolean hasBias() {
            return bias != NO_BIAS;
        }
    }

    /** Of images, weights and result of a convolution the one that is computed of the other two. */
    enum ConvolutionPart {
        RESULT,
        IMAGES,
        WEIGHTS
    }

    /** Images of equal size, each dense: element {@code i} of image {@code b} lies at {@code offset + b * stride + i}. */
    record Planes(int buffer, int offset, int stride) {}

    /**
     * A convolution ({@link ConvolutionPart#RESULT}), or its gradient by the images or by the weights, see
     * {@link org.kolotoc.tensor.Op.Conv2d}.
     *
     * @param weights a buffer, dense
     */
    record Convolution(
            String name,
            ConvolutionPart part,
            ConvolutionShape shape,
            Planes images,
            int weights,
            Planes result,
            long flops,
            long bytes)
            implements Launch {}

    /**
     * Attention of {@code m} queries of width {@code d} to {@code n} keys with values of width {@code e}, for every index
     * of two batch axes, see {@link org.kolotoc.tensor.Op.Attention}.
     *
     * @param starts where query 0 sits, one element for each index of the batch; null if at 0
     * @param lengths how many keys are seen at most, in the same way; null if all
     */
    record Heads(
            List<Integer> batch,
            int m,
            int n,
            int d,
            int e,
            double scale,
            boolean causal,
            Matrix queries,
            Matrix keys,
            Matrix values,
            Matrix starts,
            Matrix lengths) {
        /** Whether only the numbers of a run say what is seen. */
        public boolean isRagged() {
            return starts != null || lengths != null;
        }

        /** Those that there are. */
        public Stream<Matrix> matrices() {
            return Stream.of(queries, keys, values, starts, lengths).filter(Objects::nonNull);
        }
    }

    /** {@code out = softmax(scale queries keys^T) values}; rows of all matrices are contiguous. */
    record Attention(String name, Heads heads, Matrix out, long flops, long bytes) implements Launch {}

    /**
     * What attention sends back to its operands.
     *
     * @param cotangent of its result {@code [m, e]}
     * @param gradients where the cotangents of the operands go; those that are not wanted are missing
     */
    record AttentionGradient(
            String name, Heads heads, Matrix cotangent, Map<AttentionPart, Matrix> gradients, long flops, long bytes)
            implements Launch {}

    /** Where the matrices of a product lie; for {@code a} and {@code b} one of row and column is 1, for {@code c} column. */
    record Matrix(int buffer, int offset, List<Integer> batchStrides, int row, int column) {}

    /**
     * {@code out[i, :] = table[index[i], :]}, zeros where the index is outside {@code [0, tableRows)}; all dense.
     *
     * @param width elements of a row
     */
    record GatherRows(
            String name, int table, int index, int out, int tableRows, int count, int width, long flops, long bytes)
            implements Launch {}

    /**
     * {@code out[index[i], :] += updates[i, :]} for ascending {@code i}; all dense.
     *
     * @param clear whether {@code out} is zeroed before
     */
    record ScatterRows(
            String name,
            int index,
            int updates,
            int out,
            boolean clear,
            int outRows,
            int count,
            int width,
            long flops,
            long bytes)
            implements Launch {}

    /**
     * A tensor {@code [outer, extent, inner]}, whose lines are what its middle axis runs over: {@code [o, i, c]} for each
     * {@code i}.
     */
    record Axis(int outer, int extent, int inner) {
        /** How many lines there are. */
        public int lines() {
            return outer * inner;
        }
    }

    /**
     * {@code out[o, i, c] = table[o, index[o, i, c], c]} for {@code i} below {@code count}, zeros where the index is outside;
     * all dense.
     *
     * @param axis of the table
     */
    record GatherAlong(String name, int table, int index, int out, Axis axis, int count, long flops, long bytes)
            implements Launch {}

    /**
     * {@code out[o, index[o, i, c], c] += updates[o, i, c]} for ascending {@code i} below {@code count}, {@code out} zeroed
     * before; all dense.
     *
     * @param axis of the result
     */
    record ScatterAlong(String name, int index, int updates, int out, Axis axis, int count, long flops, long bytes)
            implements Launch {}

    /** {@code out[o, i, c]} is the sum of {@code in[o, j, c]} for {@code j} up to {@code i}, or from {@code i}; all dense. */
    record Scan(String name, int in, int out, DType dtype, Axis axis, boolean reversed, long flops, long bytes)
            implements Launch {}

    /**
     * The indices of the first {@code count} elements in order of each row of {@code in [rows, extent]}, see
     * {@link org.kolotoc.tensor.Op.ArgSort}; all dense.
     *
     * @param dtype of the elements
     */
    record Order(
            String name,
            int in,
            int out,
            DType dtype,
            int rows,
            int extent,
            int count,
            boolean descending,
            long flops,
            long bytes)
            implements Launch {}

    /**
     * Copies boxes between a tensor {@code [outer, extent, inner]} and a window {@code [outer, size, inner]} that
     * begins at a start read from a buffer of {@code i32}, clamped to {@code [0, extent - size]}; all dense.
     *
     * @param starts how many there are: the first is that of the first {@code outer / starts} boxes, and so on
     * @param write true copies the window into the tensor, false out of it
     */
    record Window(
            String name,
            int tensor,
            int window,
            int start,
            int starts,
            boolean write,
            int outer,
            int extent,
            int size,
            int inner,
            long flops,
            long bytes)
            implements Launch {}

    /** Where a bound buffer of a loop's body lies in a step: at element {@code stride * time} of a buffer. */
    record Place(int buffer, int stride) {}

    /** What is copied to the buffer of a carry before the first step, dense. */
    record Carry(int initial, int buffer, int size) {}

    /**
     * A plan that runs once for each step of time, see {@link org.kolotoc.tensor.Scan}.
     *
     * @param body of one step
     * @param places of the body's bound buffers by their names
     * @param scratch the buffer that is the body's scratch block, or {@link #NO_SCRATCH}
     * @param reversed whether the last step of time comes first
     */
    record Loop(
            String name,
            Plan body,
            int steps,
            boolean reversed,
            List<Carry> carries,
            Map<String, Place> places,
            int scratch,
            long flops,
            long bytes)
            implements Launch {
        /** No buffer. */
        public static final int NO_SCRATCH = -1;

        /** The step of time that is computed so late. */
        public int time(int step) {
            return reversed ? steps - 1 - step : step;
        }
    }
}
