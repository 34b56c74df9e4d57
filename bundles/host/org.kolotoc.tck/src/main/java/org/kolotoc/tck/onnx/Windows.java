package org.kolotoc.tck.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;
import org.kolotoc.tensor.Convolutions;
import org.kolotoc.tensor.Pooling;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Window2d;

/**
 * Convolution and pooling {@code [batch, channels, space...]}. Of more axes of space than two, or of windows that hang over the
 * end, what a window sees is slices, one for each place in it.
 */
final class Windows {
    static final Map<String, Operator> ROWS = Map.of(
            "Conv", Operator.of(Windows::convolution),
            "ConvTranspose", Operator.of(Windows::transposed),
            "MaxPool", Operator.of(Windows::maximum),
            "AveragePool", Operator.of(Windows::average),
            "LpPool", Operator.of(Windows::power));

    private Windows() {}

    /**
     * How a window moves along each axis of space.
     *
     * @param count how many places it takes
     */
    private record Geometry(int[] kernel, int[] strides, int[] dilations, int[] low, int[] high, int[] count) {
        static Geometry of(Call c, Shape x, int[] kernel) throws NotCovered {
            int axes = kernel.length;
            int[] one = filled(axes, 1);
            int[] strides = c.integers("strides", one);
            int[] dilations = c.integers("dilations", one);
            int[] pads = c.integers("pads", filled(2 * axes, 0));
            boolean ceil = c.flag("ceil_mode");
            String auto = c.text("auto_pad", "NOTSET");
            int[] low = new int[axes];
            int[] high = new int[axes];
            int[] count = new int[axes];
            for (int i = 0; i < axes; i++) {
                int extent = x.extent(i + 2);
                int reach = (kernel[i] - 1) * dilations[i] + 1;
                low[i] = pads[i];
                high[i] = pads[i + axes];
                if (auto.startsWith("SAME")) {
                    int missing = Math.max(0, (Math.ceilDiv(extent, strides[i]) - 1) * strides[i] + reach - extent);
                    low[i] = auto.equals("SAME_UPPER") ? missing / 2 : missing - missing / 2;
                    high[i] = missing - low[i];
                }
                int free = extent + low[i] + high[i] - reach;
                count[i] = (ceil ? Math.ceilDiv(free, strides[i]) : Math.floorDiv(free, strides[i])) + 1;
                if (ceil && (count[i] - 1) * strides[i] >= extent + low[i]) {
                    // No window begins in the padding at the end.
                    count[i]--;
                }
            }
            return new Geometry(kernel, strides, dilations, low, high, count);
        }

        /** One axis of space, or two, with windows as {@link Window2d} counts them. */
        boolean isOfImages() {
            return kernel.length == 1 || kernel.length == 2;
        }

        /** Whether no window hangs over the end, as some do where their number is rounded up. */
        boolean counts(Shape x) {
            Window2d window = window();
            int last = kernel.length - 1;
            return window.horizontal().count(x.extent(-1), kernel[last]) == count[last]
                    && (last == 0 || window.vertical().count(x.extent(-2), kernel[0]) == count[0]);
        }

        Window2d window() {
            int last = kernel.length - 1;
            Window2d.Axis line = new Window2d.Axis(1, 0, 0, 1);
            return new Window2d(last == 0 ? line : axis(0), axis(last));
        }

        private Window2d.Axis axis(int i) {
            return new Window2d.Axis(strides[i], low[i], high[i], dilations[i]);
        }

        int places() {
            return IntStream.of(kernel).reduce(1, (p, q) -> p * q);
        }

        /** Every axis of space with padding, and with what windows that begin inside see beyond it. */
        Tensor padded(Tensor x, double value, double beyond) {
            Tensor padded = x;
            for (int i = 0; i < kernel.length; i++) {
                padded = padded.pad(i + 2, low[i], high[i], value);
                int seen = (count[i] - 1) * strides[i] + (kernel[i] - 1) * dilations[i] + 1;
                padded = padded.pad(i + 2, 0, Math.max(0, seen - padded.shape().extent(i + 2)), beyond);
            }
            return padded;
        }

        /** For each place in the window, in row-major order, what lies there: {@code [batch, channels, count...]}. */
        List<Tensor> seen(Tensor padded) {
            List<Tensor> parts = List.of(padded);
            for (int i = 0; i < kernel.length; i++) {
                List<Tensor> finer = new ArrayList<>();
                for (Tensor part : parts) {
                    for (int place = 0; place < kernel[i]; place++) {
                        finer.add(every(part, i + 2, place * dilations[i], strides[i], count[i]));
                    }
                }
                parts = finer;
            }
            return parts;
        }
    }

    private static int[] filled(int count, int value) {
        return IntStream.generate(() -> value).limit(count).toArray();
    }

    /** So many elements along an axis, {@code stride} apart. */
    private static Tensor every(Tensor x, int axis, int start, int stride, int count) {
        if (stride == 1) {
            return x.slice(axis, start, start + count);
        }
        int extent = x.shape().extent(axis);
        int whole = start + count * stride;
        Tensor lengthened = x.pad(axis, 0, Math.max(0, whole - extent), 0).slice(axis, start, whole);
        return apart(lengthened, axis, stride)
                .slice(axis + 1, 0, 1)
                .reshape(x.shape().with(axis, count));
    }

    /** An axis as two, the inner one of extent {@code inner}. */
    private static Tensor apart(Tensor x, int axis, int inner) {
        int[] e = x.shape().extents();
        return x.reshape(Shape.of(IntStream.range(0, e.length + 1)
                .map(i -> i < axis ? e[i] : i == axis ? e[i] / inner : i == axis + 1 ? inner : e[i - 1])
                .toArray()));
    }

    private static int[] spatial(Shape weights) {
        return IntStream.range(2, weights.rank()).map(weights::extent).toArray();
    }

    private static Tensor convolution(Call c) throws NotCovered {
        Tensor x = c.x(0);
        Tensor weights = c.x(1);
        int[] kernel = c.integers("kernel_shape", spatial(weights.shape()));
        Geometry geometry = Geometry.of(c, x.shape(), kernel);
        int groups = c.integer("group", 1);
        Tensor result = geometry.isOfImages()
                ? line(Convolutions.conv2d(image(x), image(weights), geometry.window(), groups), x)
                : correlated(geometry, geometry.padded(x, 0, 0), weights, groups);
        return c.has(2) ? biased(result, c.x(2)) : result;
    }

    private static Tensor biased(Tensor x, Tensor bias) {
        int[] extents = filled(x.shape().rank(), 1);
        extents[1] = bias.shape().size();
        return x.add(bias.reshape(Shape.of(extents)));
    }

    /** @param weights {@code [out, in / groups, kernel...]} */
    private static Tensor correlated(Geometry geometry, Tensor padded, Tensor weights, int groups) {
        int batch = padded.shape().extent(0);
        int in = padded.shape().extent(1) / groups;
        int out = weights.shape().extent(0) / groups;
        int places = geometry.places();
        int positions = IntStream.of(geometry.count()).reduce(1, (p, q) -> p * q);
        Tensor columns = Tensor.concat(
                2,
                geometry.seen(padded).stream()
                        .map(part -> part.reshape(batch, groups * in, 1, positions))
                        .toList());
        Tensor matrix = weights.reshape(groups * out, in * places);
        List<Tensor> results = new ArrayList<>();
        for (int g = 0; g < groups; g++) {
            Tensor seen = columns.slice(1, g * in, (g + 1) * in).reshape(batch, in * places, positions);
            Tensor part = matrix.slice(0, g * out, (g + 1) * out).reshape(1, out, in * places);
            results.add(part.matmul(seen));
        }
        int[] shape = IntStream.concat(IntStream.of(batch, groups * out), IntStream.of(geometry.count()))
                .toArray();
        return Tensor.concat(1, results).reshape(Shape.of(shape));
    }

    /** The convolution with turned weights of what is spread by the strides. */
    private static Tensor transposed(Call c) throws NotCovered {
        Tensor x = c.x(0);
        Tensor weights = c.x(1);
        int[] kernel = c.integers("kernel_shape", spatial(weights.shape()));
        int axes = kernel.length;
        int[] strides = c.integers("strides", filled(axes, 1));
        int[] dilations = c.integers("dilations", filled(axes, 1));
        int[] further = c.integers("output_padding", filled(axes, 0));
        int[] pads = c.integers("pads", filled(2 * axes, 0));
        String auto = c.text("auto_pad", "NOTSET");
        int[] wanted = c.integers("output_shape");
        int[] count = new int[axes];
        int[] lows = new int[axes];
        Tensor spread = x;
        for (int i = 0; i < axes; i++) {
            int extent = x.shape().extent(i + 2);
            int reach = (kernel[i] - 1) * dilations[i];
            int whole = (extent - 1) * strides[i] + reach + 1 + further[i];
            int low = pads[i];
            int high = pads[i + axes];
            if (wanted.length > 0 || auto.startsWith("SAME")) {
                int end = wanted.length > 0 ? wanted[wanted.length - axes + i] : extent * strides[i];
                int half = Math.floorDiv(whole - end, 2);
                low = auto.equals("SAME_UPPER") ? half : whole - end - half;
                high = whole - end - low;
            }
            count[i] = whole - low - high;
            lows[i] = low;
            spread = spread(spread, i + 2, strides[i]);
            spread = resized(spread, i + 2, reach - low, reach + further[i] - high);
        }
        int groups = c.integer("group", 1);
        Geometry geometry = new Geometry(kernel, filled(axes, 1), dilations, filled(axes, 0), filled(axes, 0), count);
        Tensor result = axes <= 2 && IntStream.of(lows).allMatch(low -> low >= 0)
                ? spread(x, weights, new Geometry(kernel, strides, dilations, lows, lows, count), groups)
                : correlated(geometry, spread, turned(weights, groups), groups);
        return c.has(2) ? biased(result, c.x(2)) : result;
    }

    /** @param geometry with the padding at the beginning, and how many elements the result has */
    private static Tensor spread(Tensor x, Tensor weights, Geometry geometry, int groups) {
        int axes = geometry.kernel().length;
        int[] high = new int[axes];
        int[] further = new int[axes];
        for (int i = 0; i < axes; i++) {
            int whole = (x.shape().extent(i + 2) - 1) * geometry.strides()[i]
                    + (geometry.kernel()[i] - 1) * geometry.dilations()[i]
                    + 1;
            int cut = whole - geometry.low()[i] - geometry.count()[i];
            high[i] = Math.max(0, cut);
            further[i] = Math.max(0, -cut);
        }
        Window2d window = new Geometry(
                        geometry.kernel(),
                        geometry.strides(),
                        geometry.dilations(),
                        geometry.low(),
                        high,
                        geometry.count())
                .window();
        int below = axes == 2 ? further[0] : 0;
        return line(Convolutions.transposed(image(x), image(weights), window, groups, below, further[axes - 1]), x);
    }

    /** A line {@code [batch, channels, width]} as an image of one row; an image as it is. */
    private static Tensor image(Tensor x) {
        Shape s = x.shape();
        return s.rank() == 4 ? x : x.reshape(s.extent(0), s.extent(1), 1, s.extent(2));
    }

    /** The image as a line again, if it was made of one. */
    private static Tensor line(Tensor image, Tensor x) {
        Shape s = image.shape();
        return x.shape().rank() == 4 ? image : image.reshape(s.extent(0), s.extent(1), s.extent(3));
    }

    /** Zeros between the elements along an axis. */
    private static Tensor spread(Tensor x, int axis, int stride) {
        int extent = x.shape().extent(axis);
        return apart(x, axis, 1)
                .pad(axis + 1, 0, stride - 1, 0)
                .reshape(x.shape().with(axis, extent * stride))
                .slice(axis, 0, (extent - 1) * stride + 1);
    }

    /** Zeros at the ends of an axis, or so many elements fewer. */
    private static Tensor resized(Tensor x, int axis, int low, int high) {
        int extent = x.shape().extent(axis);
        return x.slice(axis, Math.max(0, -low), extent - Math.max(0, -high))
                .pad(axis, Math.max(0, low), Math.max(0, high), 0);
    }

    /** {@code [in, out / groups, kernel...]} to {@code [out, in / groups, kernel...]}, each kernel from its end. */
    private static Tensor turned(Tensor weights, int groups) {
        Tensor turned = weights;
        for (int axis = 2; axis < weights.shape().rank(); axis++) {
            int last = weights.shape().extent(axis) - 1;
            turned = Moves.pick(
                    turned,
                    axis,
                    IntStream.rangeClosed(0, last).map(i -> last - i).toArray());
        }
        int in = weights.shape().extent(0) / groups;
        int out = weights.shape().extent(1);
        int places = weights.shape().size() / (groups * in * out);
        int[] shape = weights.shape().extents();
        shape[0] = groups * out;
        shape[1] = in;
        return turned.reshape(groups, in, out, places).transpose(0, 2, 1, 3).reshape(Shape.of(shape));
    }

    private static Geometry pooling(Call c) throws NotCovered {
        return Geometry.of(c, c.x(0).shape(), c.integers("kernel_shape"));
    }

    private static boolean isPool(Geometry geometry, Shape x) {
        return geometry.kernel().length == 2 && geometry.counts(x);
    }

    private static Tensor over(Geometry geometry, Tensor padded, BinaryOperator<Tensor> operation) {
        return geometry.seen(padded).stream().reduce(operation).orElseThrow();
    }

    private static Tensor maximum(Call c) throws NotCovered {
        c.mayName("storage_order");
        Geometry geometry = pooling(c);
        double none = Double.NEGATIVE_INFINITY;
        Tensor x = c.floats(0);
        if (isPool(geometry, x.shape())) {
            return Pooling.max(x, geometry.kernel()[0], geometry.kernel()[1], geometry.window());
        }
        return over(geometry, geometry.padded(x, none, none), Tensor::maximum);
    }

    private static Tensor average(Call c) throws NotCovered {
        Geometry geometry = pooling(c);
        Tensor x = c.floats(0);
        boolean padding = c.integer("count_include_pad", 0) == 1;
        if (isPool(geometry, x.shape())) {
            return Pooling.average(x, geometry.kernel()[0], geometry.kernel()[1], geometry.window(), padding);
        }
        Tensor ones = x.constant(1).broadcast(x.shape());
        Tensor counted = geometry.padded(ones, padding ? 1 : 0, 0);
        return over(geometry, geometry.padded(x, 0, 0), Tensor::add).div(over(geometry, counted, Tensor::add));
    }

    private static Tensor power(Call c) throws NotCovered {
        Geometry geometry = pooling(c);
        double p = c.integer("p", 2);
        Tensor powers = c.floats(0).abs().pow(p);
        return over(geometry, geometry.padded(powers, 0, 0), Tensor::add).pow(1 / p);
    }
}
