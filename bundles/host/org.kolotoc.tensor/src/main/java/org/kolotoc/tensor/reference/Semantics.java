package org.kolotoc.tensor.reference;

import java.util.Arrays;
import java.util.List;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

/** What every operation means, in the plainest loops. Elements are in row-major order. */
final class Semantics {
    private Semantics() {}

    static double[] of(Tensor node, List<double[]> x) {
        int size = node.shape().size();
        return switch (node.op()) {
            case Op.Input _ -> throw new IllegalStateException("an input is bound, not computed");
            case Op.Scan _ -> throw new IllegalStateException("a scan runs a program, see ScanSemantics");
            case Op.Constant constant -> filled(size, constant.value());
            case Op.Literal literal -> each(size, literal.elements()::at);
            case Op.Iota iota -> {
                int stride = node.shape().strides()[iota.axis()];
                yield each(size, i -> i / stride % node.shape().extent(iota.axis()));
            }
            case Op.RandomUniform random ->
                each(size, i -> CounterRandom.uniform((int) x.get(0)[0], (int) x.get(0)[1], random.stream(), i));
            case Op.RandomNormal random ->
                each(size, i -> CounterRandom.normal((int) x.get(0)[0], (int) x.get(0)[1], random.stream(), i));
            case Op.Unary unary -> each(size, i -> Scalars.unary(unary.kind(), node.dtype(), x.get(0)[i]));
            case Op.Binary binary ->
                each(size, i -> Scalars.binary(binary.kind(), node.dtype(), x.get(0)[i], x.get(1)[i]));
            case Op.Compare compare ->
                each(size, i -> Scalars.compare(compare.kind(), x.get(0)[i], x.get(1)[i]) ? 1 : 0);
            case Op.Select _ -> each(size, i -> x.get(0)[i] != 0 ? x.get(1)[i] : x.get(2)[i]);
            case Op.Cast cast -> each(size, i -> Scalars.cast(cast.to(), x.get(0)[i]));
            case Op.Reduce reduce -> reduce(node, reduce, x.get(0));
            case Op.Reshape _, Op.StopGradient _, Op.OptimizationBarrier _ ->
                x.get(0).clone();
            case Op.Broadcast _, Op.Transpose _, Op.Slice _ -> taken(node, x.get(0));
            case Op.Pad pad -> {
                double[] result = filled(size, pad.value());
                put(node.operand(0).shape(), x.get(0), offset(pad.low(), node.shape()), node.shape(), result);
                yield result;
            }
            case Op.Concat concat -> {
                double[] result = new double[size];
                int at = 0;
                for (int i = 0; i < x.size(); i++) {
                    Shape part = node.operand(i).shape();
                    put(part, x.get(i), at, node.shape(), result);
                    at += part.extent(concat.axis()) * node.shape().strides()[concat.axis()];
                }
                yield result;
            }
            case Op.DynamicSlice slice -> {
                double[] result = new double[size];
                windows(
                        node.operand(0).shape(),
                        node.shape(),
                        slice.axis(),
                        x.get(1),
                        (i, place) -> result[i] = x.get(0)[place]);
                yield result;
            }
            case Op.DynamicUpdate update -> {
                double[] result = x.get(0).clone();
                windows(
                        node.shape(),
                        node.operand(1).shape(),
                        update.axis(),
                        x.get(2),
                        (i, place) -> result[place] = x.get(1)[i]);
                yield result;
            }
            case Op.Gather _ -> gather(node, x.get(0), x.get(1));
            case Op.ScatterAdd scatter -> scatter(node, scatter.rows(), x.get(0), x.get(1));
            case Op.GatherAlong along ->
                AxisSemantics.of(node.operand(0).shape(), along.axis())
                        .gather(x.get(0), x.get(1), node.shape().extent(along.axis()));
            case Op.ScatterAddAlong along ->
                AxisSemantics.of(node.shape(), along.axis())
                        .scatter(x.get(0), x.get(1), node.operand(0).shape().extent(along.axis()));
            case Op.CumulativeSum sum ->
                AxisSemantics.of(node.shape(), sum.axis()).sums(x.getFirst(), node.dtype(), sum.reversed());
            case Op.ArgSort sort ->
                AxisSemantics.of(node.operand(0).shape(), node.shape().rank() - 1)
                        .order(x.getFirst(), sort.count(), sort.descending());
            case Op.MatMul product -> matmul(node, operand(product, x.get(0)), operand(product, x.get(1)));
            case Op.Conv2d _, Op.Conv2dInputGradient _, Op.Conv2dWeightGradient _ -> ConvolutionSemantics.of(node, x);
            case Op.Attention attention ->
                new AttentionSemantics(node, attention.scale(), attention.mask(), x).result();
            case Op.AttentionGradient gradient ->
                new AttentionSemantics(node, gradient.scale(), gradient.mask(), x).gradient(gradient.part());
        };
    }

    @FunctionalInterface
    private interface Element {
        double at(int index);
    }

    /** An element by its row-major number, and where it lies in another tensor. */
    @FunctionalInterface
    private interface Move {
        void move(int number, int place);
    }

    private static double[] each(int size, Element element) {
        double[] result = new double[size];
        for (int i = 0; i < size; i++) {
            result[i] = element.at(i);
        }
        return result;
    }

    private static double[] filled(int size, double value) {
        double[] result = new double[size];
        Arrays.fill(result, value);
        return result;
    }

    /** Every element of a shape, where the first lies at an offset and neighbours along an axis a stride apart. */
    private static void walk(Shape shape, int offset, int[] strides, Move move) {
        int[] extents = shape.extents();
        int[] at = new int[extents.length];
        int place = offset;
        for (int number = 0; number < shape.size(); number++) {
            move.move(number, place);
            for (int axis = extents.length - 1; axis >= 0; axis--) {
                place += strides[axis];
                if (++at[axis] < extents[axis]) {
                    break;
                }
                at[axis] = 0;
                place -= extents[axis] * strides[axis];
            }
        }
    }

    /** Writes a tensor into a larger one. */
    private static void put(Shape part, double[] x, int offset, Shape whole, double[] result) {
        walk(part, offset, whole.strides(), (number, place) -> result[place] = x[number]);
    }

    private static int offset(List<Integer> index, Shape shape) {
        int offset = 0;
        for (int axis = 0; axis < index.size(); axis++) {
            offset += index.get(axis) * shape.strides()[axis];
        }
        return offset;
    }

    /** Every element of a window, and where it lies in the whole; each row of the first axis from its own start if it has one. */
    private static void windows(Shape whole, Shape window, int axis, double[] starts, Move move) {
        if (window.size() == 0) {
            return;
        }
        int[] strides = whole.strides();
        int elements = window.size() / starts.length;
        Shape part = starts.length == 1 ? window : window.with(0, 1);
        for (int row = 0; row < starts.length; row++) {
            int start = Math.clamp((int) starts[row], 0, whole.extent(axis) - window.extent(axis));
            int first = row * elements;
            walk(part, row * strides[0] + start * strides[axis], strides, (i, place) -> move.move(first + i, place));
        }
    }

    private static double[] reduce(Tensor node, Op.Reduce reduce, double[] x) {
        boolean sum = reduce.kind() == Op.ReduceKind.SUM;
        double[] result = filled(node.shape().size(), sum ? 0 : lowest(node.dtype()));
        Op.BinaryKind pair = sum ? Op.BinaryKind.ADD : Op.BinaryKind.MAXIMUM;
        Shape from = node.operand(0).shape();
        // A reduced axis leads nowhere.
        int[] strides = new int[from.rank()];
        int kept = 0;
        for (int axis = 0; axis < strides.length; axis++) {
            strides[axis] = reduce.axes().contains(axis) ? 0 : node.shape().strides()[kept++];
        }
        walk(
                from,
                0,
                strides,
                (number, place) -> result[place] = Scalars.binary(pair, node.dtype(), result[place], x[number]));
        return result;
    }

    private static double lowest(DType dtype) {
        return dtype == DType.I32 ? Integer.MIN_VALUE : Double.NEGATIVE_INFINITY;
    }

    /** Another arrangement of the operand's elements. */
    private static double[] taken(Tensor node, double[] x) {
        Shape from = node.operand(0).shape();
        int[] strides = from.strides();
        int[] along = new int[strides.length];
        for (int axis = 0; axis < along.length; axis++) {
            along[axis] = switch (node.op()) {
                case Op.Broadcast _ -> from.extent(axis) == 1 ? 0 : strides[axis];
                case Op.Transpose transpose -> strides[transpose.permutation().get(axis)];
                default -> strides[axis];
            };
        }
        int offset = node.op() instanceof Op.Slice slice ? offset(slice.starts(), from) : 0;
        double[] result = new double[node.shape().size()];
        walk(node.shape(), offset, along, (number, place) -> result[number] = x[place]);
        return result;
    }

    private static double[] gather(Tensor node, double[] rows, double[] indices) {
        int count = node.operand(0).shape().extent(0);
        int width = indices.length == 0 ? 0 : node.shape().size() / indices.length;
        return each(node.shape().size(), i -> {
            int row = (int) indices[i / width];
            return row < 0 || row >= count ? 0 : rows[row * width + i % width];
        });
    }

    private static double[] scatter(Tensor node, int rows, double[] indices, double[] updates) {
        double[] result = new double[node.shape().size()];
        int width = indices.length == 0 ? 0 : updates.length / indices.length;
        for (int i = 0; i < updates.length; i++) {
            int row = (int) indices[i / width];
            if (row >= 0 && row < rows) {
                result[row * width + i % width] += updates[i];
            }
        }
        return result;
    }

    private static double[] operand(Op.MatMul product, double[] x) {
        int dropped = product.precision().dropped();
        return dropped == 0 ? x : each(x.length, i -> Scalars.rounded(x[i], dropped));
    }

    private static double[] matmul(Tensor node, double[] a, double[] b) {
        int n = node.shape().extent(-1);
        int k = node.operand(0).shape().extent(-1);
        double[] result = new double[node.shape().size()];
        for (int row = 0; row < (n == 0 ? 0 : result.length / n); row++) {
            int batch = row / node.shape().extent(-2);
            for (int j = 0; j < k; j++) {
                double factor = a[row * k + j];
                int line = (batch * k + j) * n;
                for (int column = 0; column < n; column++) {
                    result[row * n + column] += factor * b[line + column];
                }
            }
        }
        return result;
    }
}
