package org.kolotoc.tck.onnx;

import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Resizing;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

/** Another size of each axis: a product with a matrix that says how much of each element goes where. */
final class Sampling {
    static final Map<String, Operator> ROWS =
            Map.of("Resize", Operator.of(Sampling::resize), "Upsample", Operator.of(Sampling::upsample));

    private Sampling() {}

    private static Tensor resize(Call c) throws NotCovered {
        Tensor x = c.x(0);
        String mode = c.text("mode", "nearest");
        String coordinates = c.text("coordinate_transformation_mode", "half_pixel");
        String nearest = c.text("nearest_mode", "round_prefer_floor");
        double a = c.number("cubic_coeff_a", -0.75);
        if (!coordinates.equals("half_pixel") || !nearest.equals("round_prefer_floor")) {
            throw new NotCovered("coordinates " + coordinates + ", " + nearest);
        }
        boolean sizes = c.has(3);
        double[] given = c.numbers(sizes ? 3 : 2);
        int[] axes = c.integers("axes", IntStream.range(0, given.length).toArray());
        int[] whole = x.shape().extents();
        for (int i = 0; i < axes.length; i++) {
            whole[axes[i]] = sizes ? (int) given[i] : (int) Math.floor(whole[axes[i]] * given[i]);
        }
        if (isImage(x.shape(), whole) && mode.equals("linear")) {
            return Resizing.bilinear(x, whole[2], whole[3], false);
        }
        if (isImage(x.shape(), whole)
                && mode.equals("nearest")
                && whole[2] % x.shape().extent(2) == 0
                && whole[3] % x.shape().extent(3) == 0) {
            return Resizing.nearest(x, whole[2], whole[3]);
        }
        Tensor result = x;
        for (int i = 0; i < axes.length; i++) {
            int extent = x.shape().extent(axes[i]);
            double scale = sizes ? given[i] / extent : given[i];
            int size = whole[axes[i]];
            result = sampled(result, axes[i], size, mode, a, out -> (out + 0.5) / scale - 0.5);
        }
        return result;
    }

    /** Whether height and width alone are others. */
    private static boolean isImage(Shape shape, int[] size) {
        return size.length == 4 && size[0] == shape.extent(0) && size[1] == shape.extent(1);
    }

    private static Tensor upsample(Call c) throws NotCovered {
        Tensor result = c.x(0);
        double[] scales = c.numbers(1);
        String mode = c.text("mode", "nearest");
        if (!mode.equals("nearest")) {
            throw new NotCovered("mode " + mode);
        }
        for (int axis = 0; axis < scales.length; axis++) {
            double scale = scales[axis];
            int size = (int) Math.floor(result.shape().extent(axis) * scale);
            result = sampled(result, axis, size, mode, 0, out -> Math.floor(out / scale));
        }
        return result;
    }

    /** @param from the coordinate that each element of the result comes from */
    private static Tensor sampled(Tensor x, int axis, int size, String mode, double a, DoubleUnaryOperator from)
            throws NotCovered {
        int extent = x.shape().extent(axis);
        double[][] share = new double[extent][size];
        for (int out = 0; out < size; out++) {
            double at = from.applyAsDouble(out);
            int below = (int) Math.floor(at);
            switch (mode) {
                case "nearest" -> share[Math.clamp((int) Math.ceil(at - 0.5), 0, extent - 1)][out] = 1;
                case "linear" -> {
                    share[Math.clamp(below, 0, extent - 1)][out] += 1 - (at - below);
                    share[Math.clamp(below + 1, 0, extent - 1)][out] += at - below;
                }
                case "cubic" -> {
                    for (int i = below - 1; i <= below + 2; i++) {
                        share[Math.clamp(i, 0, extent - 1)][out] += cubic(Math.abs(at - i), a);
                    }
                }
                default -> throw new NotCovered("mode " + mode);
            }
        }
        boolean same = size == extent && IntStream.range(0, size).allMatch(i -> share[i][i] == 1);
        return same ? x : Reductions.onLast(x, axis, last -> onRows(last, matrix(x, share)));
    }

    /** A product with the last axis, whatever the rank. */
    static Tensor onRows(Tensor x, Tensor matrix) {
        int rows = x.shape().size() / x.shape().extent(-1);
        return x.reshape(rows, x.shape().extent(-1))
                .matmul(matrix)
                .reshape(x.shape().with(x.shape().rank() - 1, matrix.shape().extent(1)));
    }

    /** Convolution by Keys (1981): how much an element at a distance counts. */
    private static double cubic(double distance, double a) {
        double d = distance;
        return d <= 1 ? ((a + 2) * d - (a + 3)) * d * d + 1 : d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
    }

    private static Tensor matrix(Tensor x, double[][] numbers) {
        int rows = numbers.length;
        int columns = numbers[0].length;
        return Tensor.concat(
                        0,
                        IntStream.range(0, rows * columns)
                                .mapToObj(i ->
                                        x.tracer().constant(numbers[i / columns][i % columns], DType.F32, Shape.of(1)))
                                .toList())
                .reshape(rows, columns);
    }
}
