package org.kolotoc.tensor.reference;

import java.util.Arrays;
import java.util.List;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

/** What every operation means, in the plainest loops. Elements are in row-major order. */
final class Meaning {
    private Meaning() {}

    static double[] of(Tensor node, List<double[]> x) {
        int size = node.shape().size();
        return switch (node.op()) {
            case Op.Input _ -> throw new IllegalStateException("an input is bound, not computed");
            case Op.Constant constant -> filled(size, constant.value());
            case Op.Iota iota -> {
                int stride = node.shape().strides()[iota.axis()];
                yield each(size, i -> i / stride % node.shape().extent(iota.axis()));
            }
            case Op.RandomUniform random ->
                each(size, i -> CounterRandom.uniform((int) x.get(0)[0], (int) x.get(0)[1], random.stream(), i));
            case Op.Unary unary -> each(size, i -> Scalars.unary(unary.kind(), node.dtype(), x.get(0)[i]));
            case Op.Binary binary ->
                each(size, i -> Scalars.binary(binary.kind(), node.dtype(), x.get(0)[i], x.get(1)[i]));
            case Op.Compare compare ->
                each(size, i -> Scalars.compare(compare.kind(), x.get(0)[i], x.get(1)[i]) ? 1 : 0);
            case Op.Select _ -> each(size, i -> x.get(0)[i] != 0 ? x.get(1)[i] : x.get(2)[i]);
            case Op.Cast cast -> each(size, i -> Scalars.cast(cast.to(), x.get(0)[i]));
            case Op.Reduce reduce -> reduce(node, reduce, x.get(0));
            case Op.Broadcast _, Op.Transpose _, Op.Slice _, Op.Pad _ -> move(node, x.get(0));
            case Op.Reshape _, Op.StopGradient _, Op.Barrier _ -> x.get(0).clone();
            case Op.Concat concat -> concat(node, concat.axis(), x);
            case Op.DynamicSlice slice -> {
                Tensor whole = node.operand(0);
                int start = start(x.get(1)[0], whole.shape().extent(slice.axis()), slice.size());
                yield window(
                        node.shape(),
                        slice.axis(),
                        whole.shape(),
                        start,
                        (in, out, result) -> result[in] = x.get(0)[out]);
            }
            case Op.DynamicUpdate update -> {
                Shape window = node.operand(1).shape();
                int start = start(x.get(2)[0], node.shape().extent(update.axis()), window.extent(update.axis()));
                double[] result = x.get(0).clone();
                window(window, update.axis(), node.shape(), start, (in, out, _) -> result[out] = x.get(1)[in]);
                yield result;
            }
            case Op.Gather _ -> gather(node, x.get(0), x.get(1));
            case Op.ScatterAdd scatter -> scatter(node, scatter.rows(), x.get(0), x.get(1));
            case Op.MatMul product -> matmul(node, operand(product, x.get(0)), operand(product, x.get(1)));
            case Op.Attention attention ->
                new AttentionMeaning(node, attention.scale(), attention.causal(), x).result();
            case Op.AttentionGradient gradient ->
                new AttentionMeaning(node, gradient.scale(), gradient.causal(), x).gradient(gradient.part());
        };
    }

    @FunctionalInterface
    private interface Element {
        double at(int index);
    }

    @FunctionalInterface
    private interface Move {
        void move(int inside, int outside, double[] result);
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

    private static int[] unravel(int index, Shape shape) {
        int[] at = new int[shape.rank()];
        int rest = index;
        for (int axis = at.length - 1; axis >= 0; axis--) {
            at[axis] = rest % shape.extent(axis);
            rest /= shape.extent(axis);
        }
        return at;
    }

    private static int ravel(int[] at, Shape shape) {
        int index = 0;
        for (int axis = 0; axis < at.length; axis++) {
            index = index * shape.extent(axis) + at[axis];
        }
        return index;
    }

    private static double[] reduce(Tensor node, Op.Reduce reduce, double[] x) {
        boolean sum = reduce.kind() == Op.ReduceKind.SUM;
        double[] result = filled(node.shape().size(), sum ? 0 : lowest(node.dtype()));
        Shape from = node.operand(0).shape();
        for (int i = 0; i < x.length; i++) {
            int[] at = unravel(i, from);
            int index = 0;
            for (int axis = 0; axis < at.length; axis++) {
                index = reduce.axes().contains(axis) ? index : index * from.extent(axis) + at[axis];
            }
            result[index] =
                    Scalars.binary(sum ? Op.BinaryKind.ADD : Op.BinaryKind.MAX, node.dtype(), result[index], x[i]);
        }
        return result;
    }

    private static double lowest(DType dtype) {
        return dtype == DType.I32 ? Integer.MIN_VALUE : Double.NEGATIVE_INFINITY;
    }

    private static double[] move(Tensor node, double[] x) {
        Shape from = node.operand(0).shape();
        return each(node.shape().size(), i -> {
            int[] at = unravel(i, node.shape());
            int[] source = new int[from.rank()];
            for (int axis = 0; axis < at.length; axis++) {
                switch (node.op()) {
                    case Op.Broadcast _ -> source[axis] = from.extent(axis) == 1 ? 0 : at[axis];
                    case Op.Transpose transpose ->
                        source[transpose.permutation().get(axis)] = at[axis];
                    case Op.Slice slice ->
                        source[axis] = at[axis] + slice.starts().get(axis);
                    case Op.Pad pad -> source[axis] = at[axis] - pad.low().get(axis);
                    default -> throw new IllegalStateException(node + " moves nothing");
                }
            }
            for (int axis = 0; axis < source.length; axis++) {
                if (source[axis] < 0 || source[axis] >= from.extent(axis)) {
                    return ((Op.Pad) node.op()).value();
                }
            }
            return x[ravel(source, from)];
        });
    }

    private static double[] concat(Tensor node, int axis, List<double[]> parts) {
        double[] result = new double[node.shape().size()];
        int at = 0;
        for (int p = 0; p < parts.size(); p++) {
            Shape part = node.operand(p).shape();
            double[] x = parts.get(p);
            for (int i = 0; i < x.length; i++) {
                int[] index = unravel(i, part);
                index[axis] += at;
                result[ravel(index, node.shape())] = x[i];
            }
            at += part.extent(axis);
        }
        return result;
    }

    private static int start(double start, int extent, int size) {
        return Math.clamp((int) start, 0, extent - size);
    }

    private static double[] window(Shape window, int axis, Shape whole, int start, Move move) {
        double[] result = new double[window.size()];
        for (int i = 0; i < result.length; i++) {
            int[] at = unravel(i, window);
            at[axis] += start;
            move.move(i, ravel(at, whole), result);
        }
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
        return switch (product.precision()) {
            case F32 -> x;
            case BF16 -> each(x.length, i -> Scalars.bfloat16(x[i]));
        };
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
