package org.kolotoc.tensor.reference;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Shape;

/**
 * What operations along one axis mean, of tensors {@code [outer, extent, inner]}: an element of a line is
 * {@code [o, i, c]} for each {@code i}.
 */
record AxisSemantics(int outer, int extent, int inner) {
    static AxisSemantics of(Shape shape, int axis) {
        int outer = 1;
        int inner = 1;
        for (int i = 0; i < shape.rank(); i++) {
            outer *= i < axis ? shape.extent(i) : 1;
            inner *= i > axis ? shape.extent(i) : 1;
        }
        return new AxisSemantics(outer, shape.extent(axis), inner);
    }

    @FunctionalInterface
    private interface Line {
        void at(int outer, int inner);
    }

    private void lines(Line line) {
        for (int o = 0; o < outer; o++) {
            for (int c = 0; c < inner; c++) {
                line.at(o, c);
            }
        }
    }

    /** An element of a line of so many. */
    private int place(int o, int count, int i, int c) {
        return (o * count + i) * inner + c;
    }

    double[] gather(double[] x, double[] indices, int count) {
        double[] result = new double[outer * count * inner];
        lines((o, c) -> {
            for (int i = 0; i < count; i++) {
                int at = (int) indices[place(o, count, i, c)];
                result[place(o, count, i, c)] = at < 0 || at >= extent ? 0 : x[place(o, extent, at, c)];
            }
        });
        return result;
    }

    double[] scatter(double[] indices, double[] updates, int count) {
        double[] result = new double[outer * extent * inner];
        lines((o, c) -> {
            for (int i = 0; i < count; i++) {
                int at = (int) indices[place(o, count, i, c)];
                if (at >= 0 && at < extent) {
                    result[place(o, extent, at, c)] += updates[place(o, count, i, c)];
                }
            }
        });
        return result;
    }

    double[] sums(double[] x, DType dtype, boolean reversed) {
        double[] result = new double[x.length];
        lines((o, c) -> {
            double sum = 0;
            for (int i = 0; i < extent; i++) {
                int at = place(o, extent, reversed ? extent - 1 - i : i, c);
                sum = Scalars.binary(Op.BinaryKind.ADD, dtype, sum, x[at]);
                result[at] = sum;
            }
        });
        return result;
    }

    double[] order(double[] x, int count, boolean descending) {
        double[] result = new double[outer * count];
        lines((o, _) -> {
            Comparator<Integer> byValue = (a, b) -> compare(x[place(o, extent, a, 0)], x[place(o, extent, b, 0)]);
            int[] order = IntStream.range(0, extent)
                    .boxed()
                    .sorted((descending ? byValue.reversed() : byValue).thenComparing(Comparator.naturalOrder()))
                    .mapToInt(Integer::intValue)
                    .toArray();
            for (int i = 0; i < count; i++) {
                result[o * count + i] = order[i];
            }
        });
        return result;
    }

    /** NaN is larger than all numbers; zeros are equal. */
    private static int compare(double a, double b) {
        if (Double.isNaN(a) || Double.isNaN(b)) {
            return Boolean.compare(Double.isNaN(a), Double.isNaN(b));
        }
        return a == b ? 0 : Double.compare(a, b);
    }
}
