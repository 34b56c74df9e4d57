package org.kolotoc.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.kolotoc.tensor.Op.BinaryKind;
import org.kolotoc.tensor.Op.CompareKind;
import org.kolotoc.tensor.Op.ReduceKind;
import org.kolotoc.tensor.Op.UnaryKind;

/**
 * A value in a tensor program: a node, not numbers. Methods append operations to the trace the tensor belongs to and
 * check shapes at once.
 *
 * <p>Operands of elementwise methods are broadcast to each other the usual way: aligned at the innermost axis, where
 * extents of 1 and missing outer axes are repeated.
 */
public final class Tensor {
    private final Tracer tracer;
    private final int id;
    private final Op op;
    private final List<Tensor> operands;
    private final Shape shape;
    private final DType dtype;
    private final Origin origin;

    Tensor(Tracer tracer, int id, Op op, List<Tensor> operands, Shape shape, DType dtype, Origin origin) {
        this.tracer = tracer;
        this.id = id;
        this.op = op;
        this.operands = operands;
        this.shape = shape;
        this.dtype = dtype;
        this.origin = origin;
    }

    /** Number of this node in its trace; operands have smaller numbers. */
    public int id() {
        return id;
    }

    public Op op() {
        return op;
    }

    public List<Tensor> operands() {
        return operands;
    }

    /** The operand at a position of the operation's definition. */
    public Tensor operand(int position) {
        return operands.get(position);
    }

    public Shape shape() {
        return shape;
    }

    public DType dtype() {
        return dtype;
    }

    /** The layer and the plugin's source line that made this node. */
    public Origin origin() {
        return origin;
    }

    /** The number of the segment of the trace that it was made in, see {@link Tracer#segment}; 0 if in none. */
    public int segment() {
        return tracer.segmentOf(this);
    }

    /** The trace this node belongs to, for functions that need constants or scopes. */
    public Tracer tracer() {
        return tracer;
    }

    // Arithmetic

    public Tensor add(Tensor other) {
        return binary(BinaryKind.ADD, other);
    }

    public Tensor add(double value) {
        return add(constant(value));
    }

    public Tensor sub(Tensor other) {
        return binary(BinaryKind.SUB, other);
    }

    public Tensor sub(double value) {
        return sub(constant(value));
    }

    public Tensor mul(Tensor other) {
        return binary(BinaryKind.MUL, other);
    }

    public Tensor mul(double value) {
        return mul(constant(value));
    }

    public Tensor div(Tensor other) {
        return binary(BinaryKind.DIV, other);
    }

    public Tensor div(double value) {
        return div(constant(value));
    }

    public Tensor maximum(Tensor other) {
        return binary(BinaryKind.MAXIMUM, other);
    }

    public Tensor maximum(double value) {
        return maximum(constant(value));
    }

    public Tensor minimum(Tensor other) {
        return binary(BinaryKind.MINIMUM, other);
    }

    public Tensor minimum(double value) {
        return minimum(constant(value));
    }

    public Tensor pow(Tensor exponent) {
        return binary(BinaryKind.POW, exponent);
    }

    public Tensor pow(double exponent) {
        return pow(constant(exponent));
    }

    public Tensor neg() {
        return unary(UnaryKind.NEG);
    }

    public Tensor abs() {
        return unary(UnaryKind.ABS);
    }

    public Tensor sign() {
        return unary(UnaryKind.SIGN);
    }

    public Tensor exp() {
        return unary(UnaryKind.EXP);
    }

    /** Natural logarithm. */
    public Tensor log() {
        return unary(UnaryKind.LOG);
    }

    public Tensor sqrt() {
        return unary(UnaryKind.SQRT);
    }

    /** One over the square root. */
    public Tensor rsqrt() {
        return unary(UnaryKind.RSQRT);
    }

    public Tensor tanh() {
        return unary(UnaryKind.TANH);
    }

    /** The Gauss error function. */
    public Tensor erf() {
        return unary(UnaryKind.ERF);
    }

    public Tensor sin() {
        return unary(UnaryKind.SIN);
    }

    public Tensor cos() {
        return unary(UnaryKind.COS);
    }

    public Tensor floor() {
        return unary(UnaryKind.FLOOR);
    }

    // Truth values

    public Tensor not() {
        return unary(UnaryKind.NOT);
    }

    public Tensor and(Tensor other) {
        return binary(BinaryKind.AND, other);
    }

    public Tensor or(Tensor other) {
        return binary(BinaryKind.OR, other);
    }

    public Tensor eq(Tensor other) {
        return compare(CompareKind.EQ, this, other);
    }

    public Tensor ne(Tensor other) {
        return compare(CompareKind.NE, this, other);
    }

    public Tensor lt(Tensor other) {
        return compare(CompareKind.LT, this, other);
    }

    public Tensor le(Tensor other) {
        return compare(CompareKind.LE, this, other);
    }

    public Tensor gt(Tensor other) {
        return compare(CompareKind.LT, other, this);
    }

    public Tensor ge(Tensor other) {
        return compare(CompareKind.LE, other, this);
    }

    /** Where this {@code bool} tensor is true the first operand, elsewhere the second. */
    public Tensor select(Tensor whereTrue, Tensor whereFalse) {
        Shape common = Broadcasting.common("select", tracer, this, whereTrue, whereFalse);
        return append(new Op.Select(), broadcast(common), whereTrue.broadcast(common), whereFalse.broadcast(common));
    }

    public Tensor cast(DType to) {
        return dtype == to ? this : append(new Op.Cast(to), this);
    }

    // Reductions

    /** Sum over axes, which disappear; over all axes when none is named. */
    public Tensor sum(int... axes) {
        return reduce(ReduceKind.SUM, axes);
    }

    /** Maximum over axes, which disappear; over all axes when none is named. */
    public Tensor max(int... axes) {
        return reduce(ReduceKind.MAX, axes);
    }

    /** Sum over one axis, which stays with extent 1. */
    public Tensor sumKeepDims(int axis) {
        return sum(axis).reshape(shape.with(axis, 1));
    }

    /** Maximum over one axis, which stays with extent 1. */
    public Tensor maxKeepDims(int axis) {
        return max(axis).reshape(shape.with(axis, 1));
    }

    // Movement

    /** This tensor repeated to a shape it broadcasts to. */
    public Tensor broadcast(Shape target) {
        if (shape.equals(target)) {
            return this;
        }
        Tensor aligned = this;
        if (shape.rank() < target.rank()) {
            int[] extents = new int[target.rank()];
            int missing = target.rank() - shape.rank();
            Arrays.fill(extents, 0, missing, 1);
            System.arraycopy(shape.extents(), 0, extents, missing, shape.rank());
            aligned = reshape(Shape.of(extents));
        }
        return aligned.shape.equals(target) ? aligned : append(new Op.Broadcast(target), aligned);
    }

    public Tensor reshape(Shape target) {
        return shape.equals(target) ? this : append(new Op.Reshape(target), this);
    }

    /** Reshape; one extent may be -1 and is then computed. */
    public Tensor reshape(int... extents) {
        return reshape(ShapeRules.completed(extents, this));
    }

    /** Axis {@code i} of the result is axis {@code permutation[i]} of this tensor. */
    public Tensor transpose(int... permutation) {
        List<Integer> axes = IntStream.of(permutation).boxed().toList();
        return axes.equals(IntStream.range(0, shape.rank()).boxed().toList())
                ? this
                : append(new Op.Transpose(axes), this);
    }

    /** The two innermost axes exchanged. */
    public Tensor matrixTranspose() {
        int[] permutation = IntStream.range(0, shape.rank()).toArray();
        permutation[tracer.axis("transpose", shape, -1)] = tracer.axis("transpose", shape, -2);
        permutation[shape.axis(-2)] = shape.axis(-1);
        return transpose(permutation);
    }

    /** From {@code start} (inclusive) to {@code limit} (exclusive) along one axis. */
    public Tensor slice(int axis, int start, int limit) {
        int at = tracer.axis("slice", shape, axis);
        List<Integer> starts = new ArrayList<>();
        List<Integer> limits = new ArrayList<>();
        for (int i = 0; i < shape.rank(); i++) {
            starts.add(i == at ? start : 0);
            limits.add(i == at ? limit : shape.extent(i));
        }
        return start == 0 && limit == shape.extent(at) ? this : append(new Op.Slice(starts, limits), this);
    }

    /**
     * {@code low} and {@code high} further elements along one axis.
     *
     * @param value of this tensor's type, see {@link DType#has}
     */
    public Tensor pad(int axis, int low, int high, double value) {
        int at = tracer.axis("pad", shape, axis);
        double element = tracer.element("pad", value, dtype);
        List<Integer> lows = IntStream.range(0, shape.rank())
                .mapToObj(i -> i == at ? low : 0)
                .toList();
        List<Integer> highs = IntStream.range(0, shape.rank())
                .mapToObj(i -> i == at ? high : 0)
                .toList();
        return low == 0 && high == 0 ? this : append(new Op.Pad(lows, highs, element), this);
    }

    /** Tensors one after the other along an axis. */
    public static Tensor concat(int axis, List<Tensor> parts) {
        Tensor first = parts.getFirst();
        return parts.size() == 1
                ? first
                : first.tracer.append(new Op.Concat(first.tracer.axis("concat", first.shape, axis)), parts);
    }

    /**
     * The window of {@code size} along an axis from a start, clamped to fit.
     *
     * @param start {@code i32 []}; or {@code i32 [rows]}, a start for each row of the first axis, where {@code axis} is another
     */
    public Tensor dynamicSlice(int axis, Tensor start, int size) {
        return append(new Op.DynamicSlice(tracer.axis("dynamic_slice", shape, axis), size), this, start);
    }

    /**
     * This tensor with {@code update} written along an axis from a start, clamped to fit: what appends to a cache of
     * sequences, each at the end of its own.
     *
     * @param update of this tensor's shape but for that axis
     * @param start {@code i32 []}; or {@code i32 [rows]}, a start for each row of the first axis, where {@code axis} is another
     */
    public Tensor dynamicUpdate(int axis, Tensor update, Tensor start) {
        return append(new Op.DynamicUpdate(tracer.axis("dynamic_update", shape, axis)), this, update, start);
    }

    /** This tensor; what is made of it waits until {@code other} is known. */
    public Tensor optimizationBarrier(Tensor other) {
        return append(new Op.OptimizationBarrier(), this, other);
    }

    /** Rows of this tensor {@code [rows, rest...]} at {@code i32} indices {@code [k...]}: {@code [k..., rest...]}. */
    public Tensor gather(Tensor indices) {
        return append(new Op.Gather(), this, indices);
    }

    /** Zeros {@code [rows, rest...]} plus this tensor {@code [k..., rest...]} added at {@code i32} rows {@code [k...]}. */
    public Tensor scatterAdd(Tensor indices, int rows) {
        return append(new Op.ScatterAdd(rows), indices, this);
    }

    /**
     * Elements along an axis at indices, {@code result[.., i, ..] = this[.., indices[.., i, ..], ..]}; 0 where one is outside.
     *
     * @param indices {@code i32}, of this tensor's shape but for the axis
     * @return of the shape of the indices
     */
    public Tensor gatherAlong(int axis, Tensor indices) {
        return append(new Op.GatherAlong(tracer.axis("gather_along", shape, axis)), this, indices);
    }

    /**
     * Zeros plus this tensor's elements, each added at its index along an axis; what is outside is dropped.
     *
     * @param indices {@code i32}, of this tensor's shape
     * @param extent of the result on that axis
     */
    public Tensor scatterAddAlong(int axis, Tensor indices, int extent) {
        return append(new Op.ScatterAddAlong(tracer.axis("scatter_add_along", shape, axis), extent), indices, this);
    }

    /** Along an axis the sum of each element and all before it. */
    public Tensor cumulativeSum(int axis) {
        return cumulativeSum(axis, false);
    }

    /** Along an axis the sum of each element and all before it; of it and all behind it if reversed. */
    public Tensor cumulativeSum(int axis, boolean reversed) {
        return append(new Op.CumulativeSum(tracer.axis("cumulative_sum", shape, axis), reversed), this);
    }

    /**
     * Of each row {@code [..., n]} the indices of its first elements in order, {@code i32 [..., count]}; see
     * {@link Op.ArgSort} for ties and NaN, and {@link Functions#topK} for the elements themselves.
     *
     * @param count how many, at most {@code n}
     */
    public Tensor argSort(int count, boolean descending) {
        return append(new Op.ArgSort(count, descending), this);
    }

    // Products

    /**
     * Matrix product {@code [batch..., m, k] . [batch..., k, n]}. A right side of rank 2 serves every batch; other
     * batch axes broadcast. Formed in the precision of the trace at this point, see {@link Tracer#products}.
     */
    public Tensor matmul(Tensor right) {
        if (shape.rank() > 2 && right.shape.rank() == 2) {
            // One tall product instead of many small ones.
            Tensor flat = reshape(outerSize(), shape.extent(-1));
            int[] extents = shape.extents();
            extents[extents.length - 1] = right.shape.extent(-1);
            return flat.append(new Op.MatMul(tracer.precision()), flat, right).reshape(extents);
        }
        Shape batch = Broadcasting.batch(tracer, this, right);
        return append(
                new Op.MatMul(tracer.precision()),
                broadcast(Broadcasting.withMatrix(tracer, batch, shape)),
                right.broadcast(Broadcasting.withMatrix(tracer, batch, right.shape)));
    }

    /** This tensor, through which no gradient flows. */
    public Tensor stopGradient() {
        return append(new Op.StopGradient(), this);
    }

    /** A scalar of this tensor's type in the same trace, see {@link Tracer#constant(double, DType, Shape)}. */
    public Tensor constant(double value) {
        return tracer.constant(value, dtype);
    }

    private int outerSize() {
        int size = 1;
        for (int axis = 0; axis < shape.rank() - 1; axis++) {
            size *= shape.extent(axis);
        }
        return size;
    }

    private Tensor unary(UnaryKind kind) {
        return append(new Op.Unary(kind), this);
    }

    private Tensor binary(BinaryKind kind, Tensor other) {
        Shape common = Broadcasting.common(kind.name().toLowerCase(java.util.Locale.ROOT), tracer, this, other);
        return append(new Op.Binary(kind), broadcast(common), other.broadcast(common));
    }

    private static Tensor compare(CompareKind kind, Tensor left, Tensor right) {
        Shape common = Broadcasting.common(kind.name().toLowerCase(java.util.Locale.ROOT), left.tracer, left, right);
        return left.append(new Op.Compare(kind), left.broadcast(common), right.broadcast(common));
    }

    private Tensor reduce(ReduceKind kind, int... axes) {
        int[] chosen = axes.length == 0 ? IntStream.range(0, shape.rank()).toArray() : axes;
        List<Integer> sorted = IntStream.of(chosen)
                .map(axis -> tracer.axis("reduce_" + kind.name().toLowerCase(java.util.Locale.ROOT), shape, axis))
                .sorted()
                .distinct()
                .boxed()
                .toList();
        return sorted.isEmpty() ? this : append(new Op.Reduce(kind, sorted), this);
    }

    private Tensor append(Op operation, Tensor... operands) {
        return tracer.append(operation, List.of(operands));
    }

    /** {@code %12 matmul f32 [768, 128]}. */
    @Override
    public String toString() {
        return "%" + id + " " + op.label() + " " + dtype.label() + " " + shape;
    }
}
