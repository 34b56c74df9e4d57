package org.kolotoc.tensor;

import java.util.List;
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
        return Nodes.binary(BinaryKind.ADD, this, other);
    }

    public Tensor add(double value) {
        return add(constant(value));
    }

    public Tensor sub(Tensor other) {
        return Nodes.binary(BinaryKind.SUB, this, other);
    }

    public Tensor sub(double value) {
        return sub(constant(value));
    }

    public Tensor mul(Tensor other) {
        return Nodes.binary(BinaryKind.MUL, this, other);
    }

    public Tensor mul(double value) {
        return mul(constant(value));
    }

    public Tensor div(Tensor other) {
        return Nodes.binary(BinaryKind.DIV, this, other);
    }

    public Tensor div(double value) {
        return div(constant(value));
    }

    public Tensor maximum(Tensor other) {
        return Nodes.binary(BinaryKind.MAXIMUM, this, other);
    }

    public Tensor maximum(double value) {
        return maximum(constant(value));
    }

    public Tensor minimum(Tensor other) {
        return Nodes.binary(BinaryKind.MINIMUM, this, other);
    }

    public Tensor minimum(double value) {
        return minimum(constant(value));
    }

    public Tensor pow(Tensor exponent) {
        return Nodes.binary(BinaryKind.POW, this, exponent);
    }

    public Tensor pow(double exponent) {
        return pow(constant(exponent));
    }

    public Tensor neg() {
        return Nodes.unary(UnaryKind.NEG, this);
    }

    public Tensor abs() {
        return Nodes.unary(UnaryKind.ABS, this);
    }

    public Tensor sign() {
        return Nodes.unary(UnaryKind.SIGN, this);
    }

    public Tensor exp() {
        return Nodes.unary(UnaryKind.EXP, this);
    }

    /** Natural logarithm. */
    public Tensor log() {
        return Nodes.unary(UnaryKind.LOG, this);
    }

    public Tensor sqrt() {
        return Nodes.unary(UnaryKind.SQRT, this);
    }

    /** One over the square root. */
    public Tensor rsqrt() {
        return Nodes.unary(UnaryKind.RSQRT, this);
    }

    public Tensor tanh() {
        return Nodes.unary(UnaryKind.TANH, this);
    }

    /** The Gauss error function. */
    public Tensor erf() {
        return Nodes.unary(UnaryKind.ERF, this);
    }

    public Tensor sin() {
        return Nodes.unary(UnaryKind.SIN, this);
    }

    public Tensor cos() {
        return Nodes.unary(UnaryKind.COS, this);
    }

    public Tensor floor() {
        return Nodes.unary(UnaryKind.FLOOR, this);
    }

    // Truth values

    public Tensor not() {
        return Nodes.unary(UnaryKind.NOT, this);
    }

    public Tensor and(Tensor other) {
        return Nodes.binary(BinaryKind.AND, this, other);
    }

    public Tensor or(Tensor other) {
        return Nodes.binary(BinaryKind.OR, this, other);
    }

    public Tensor eq(Tensor other) {
        return Nodes.compare(CompareKind.EQ, this, other);
    }

    public Tensor ne(Tensor other) {
        return Nodes.compare(CompareKind.NE, this, other);
    }

    public Tensor lt(Tensor other) {
        return Nodes.compare(CompareKind.LT, this, other);
    }

    public Tensor le(Tensor other) {
        return Nodes.compare(CompareKind.LE, this, other);
    }

    public Tensor gt(Tensor other) {
        return Nodes.compare(CompareKind.LT, other, this);
    }

    public Tensor ge(Tensor other) {
        return Nodes.compare(CompareKind.LE, other, this);
    }

    /** Where this {@code bool} tensor is true the first operand, elsewhere the second. */
    public Tensor select(Tensor whereTrue, Tensor whereFalse) {
        return Nodes.select(this, whereTrue, whereFalse);
    }

    public Tensor cast(DType to) {
        return dtype == to ? this : Nodes.append(new Op.Cast(to), this);
    }

    // Reductions

    /** Sum over axes, which disappear; over all axes when none is named. */
    public Tensor sum(int... axes) {
        return Nodes.reduce(ReduceKind.SUM, this, axes);
    }

    /** Maximum over axes, which disappear; over all axes when none is named. */
    public Tensor max(int... axes) {
        return Nodes.reduce(ReduceKind.MAX, this, axes);
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
        return Nodes.broadcast(this, target);
    }

    public Tensor reshape(Shape target) {
        return shape.equals(target) ? this : Nodes.append(new Op.Reshape(target), this);
    }

    /** Reshape; one extent may be -1 and is then computed. */
    public Tensor reshape(int... extents) {
        return reshape(ShapeRules.completed(extents, this));
    }

    /** Axis {@code i} of the result is axis {@code permutation[i]} of this tensor. */
    public Tensor transpose(int... permutation) {
        return Nodes.transpose(this, permutation);
    }

    /** The two innermost axes exchanged. */
    public Tensor matrixTranspose() {
        return Nodes.matrixTranspose(this);
    }

    /** From {@code start} (inclusive) to {@code limit} (exclusive) along one axis. */
    public Tensor slice(int axis, int start, int limit) {
        return Nodes.slice(this, axis, start, limit);
    }

    /**
     * {@code low} and {@code high} further elements along one axis.
     *
     * @param value of this tensor's type, see {@link DType#has}
     */
    public Tensor pad(int axis, int low, int high, double value) {
        return Nodes.pad(this, axis, low, high, value);
    }

    /** Tensors one after the other along an axis. */
    public static Tensor concat(int axis, List<Tensor> parts) {
        return Nodes.concat(axis, parts);
    }

    /**
     * The window of {@code size} along an axis from a start, clamped to fit.
     *
     * @param start {@code i32 []}; or {@code i32 [rows]}, a start for each row of the first axis, where {@code axis} is another
     */
    public Tensor dynamicSlice(int axis, Tensor start, int size) {
        return Nodes.append(new Op.DynamicSlice(tracer.axis("dynamic_slice", shape, axis), size), this, start);
    }

    /**
     * This tensor with {@code update} written along an axis from a start, clamped to fit: what appends to a cache of
     * sequences, each at the end of its own.
     *
     * @param update of this tensor's shape but for that axis
     * @param start {@code i32 []}; or {@code i32 [rows]}, a start for each row of the first axis, where {@code axis} is another
     */
    public Tensor dynamicUpdate(int axis, Tensor update, Tensor start) {
        return Nodes.append(new Op.DynamicUpdate(tracer.axis("dynamic_update", shape, axis)), this, update, start);
    }

    /** This tensor; what is made of it waits until {@code other} is known. */
    public Tensor optimizationBarrier(Tensor other) {
        return Nodes.append(new Op.OptimizationBarrier(), this, other);
    }

    /** Rows of this tensor {@code [rows, rest...]} at {@code i32} indices {@code [k...]}: {@code [k..., rest...]}. */
    public Tensor gather(Tensor indices) {
        return Nodes.append(new Op.Gather(), this, indices);
    }

    /** Zeros {@code [rows, rest...]} plus this tensor {@code [k..., rest...]} added at {@code i32} rows {@code [k...]}. */
    public Tensor scatterAdd(Tensor indices, int rows) {
        return Nodes.append(new Op.ScatterAdd(rows), indices, this);
    }

    /**
     * Elements along an axis at indices, {@code result[.., i, ..] = this[.., indices[.., i, ..], ..]}; 0 where one is outside.
     *
     * @param indices {@code i32}, of this tensor's shape but for the axis
     * @return of the shape of the indices
     */
    public Tensor gatherAlong(int axis, Tensor indices) {
        return Nodes.append(new Op.GatherAlong(tracer.axis("gather_along", shape, axis)), this, indices);
    }

    /**
     * Zeros plus this tensor's elements, each added at its index along an axis; what is outside is dropped.
     *
     * @param indices {@code i32}, of this tensor's shape
     * @param extent of the result on that axis
     */
    public Tensor scatterAddAlong(int axis, Tensor indices, int extent) {
        return Nodes.append(
                new Op.ScatterAddAlong(tracer.axis("scatter_add_along", shape, axis), extent), indices, this);
    }

    /** Along an axis the sum of each element and all before it. */
    public Tensor cumulativeSum(int axis) {
        return cumulativeSum(axis, false);
    }

    /** Along an axis the sum of each element and all before it; of it and all behind it if reversed. */
    public Tensor cumulativeSum(int axis, boolean reversed) {
        return Nodes.append(new Op.CumulativeSum(tracer.axis("cumulative_sum", shape, axis), reversed), this);
    }

    /**
     * Of each row {@code [..., n]} the indices of its first elements in order, {@code i32 [..., count]}; see
     * {@link Op.ArgSort} for ties and NaN, and {@link Functions#topK} for the elements themselves.
     *
     * @param count how many, at most {@code n}
     */
    public Tensor argSort(int count, boolean descending) {
        return Nodes.append(new Op.ArgSort(count, descending), this);
    }

    // Products

    /**
     * Matrix product {@code [batch..., m, k] . [batch..., k, n]}. A right side of rank 2 serves every batch; other
     * batch axes broadcast. Formed in the precision of the trace at this point, see {@link Tracer#products}.
     */
    public Tensor matmul(Tensor right) {
        return Broadcasting.product(this, right);
    }

    /** This tensor, through which no gradient flows. */
    public Tensor stopGradient() {
        return Nodes.append(new Op.StopGradient(), this);
    }

    /** A scalar of this tensor's type in the same trace, see {@link Tracer#constant(double, DType, Shape)}. */
    public Tensor constant(double value) {
        return tracer.constant(value, dtype);
    }

    /** {@code %12 matmul f32 [768, 128]}. */
    @Override
    public String toString() {
        return "%" + id + " " + op.label() + " " + dtype.label() + " " + shape;
    }
}
