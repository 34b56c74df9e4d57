package org.kolotoc.tensor;

import java.util.ArrayList;
import java.util.List;

/** What windows of images have in common: one number for each window and channel. */
public final class Pooling {
    private Pooling() {}

    /**
     * The largest element of each window; the padding is below all numbers.
     *
     * @param images {@code f32 [batch, channels, height, width]}
     * @param height places of a window down
     * @param width places of a window across
     * @return {@code f32 [batch, channels, rows, columns]}, as many as {@link Window2d.Axis#count}; where windows lie side by
     *     side, equal maxima share the gradient evenly, else the first has it
     * @throws ShapeError when a window is larger than the padded images, or padding as large as a window
     */
    public static Tensor max(Tensor images, int height, int width, Window2d window) {
        requireFit("max pooling", images, height, width, window);
        if (isTiling(window, height, width)) {
            return tiles(images, height, width).max(3, 5);
        }
        return seen(images, height, width, window, Double.NEGATIVE_INFINITY).stream()
                .reduce(Tensor::maximum)
                .orElseThrow();
    }

    /**
     * The mean of each window, by products with constant matrices: a number that is not finite spoils its row and column.
     *
     * @param images {@code f32 [batch, channels, height, width]}
     * @param height places of a window down
     * @param width places of a window across
     * @param countPadding whether zeros of the padding count; else the mean is that of the elements a window sees
     * @return {@code f32 [batch, channels, rows, columns]}
     * @throws ShapeError when a window is larger than the padded images, or padding as large as a window
     */
    public static Tensor average(Tensor images, int height, int width, Window2d window, boolean countPadding) {
        requireFit("average pooling", images, height, width, window);
        return Resampling.of(
                images,
                means(window.vertical(), images.shape().extent(2), height, countPadding),
                means(window.horizontal(), images.shape().extent(3), width, countPadding));
    }

    /** Of what is seen along one axis. */
    private static Resampling means(Window2d.Axis axis, int extent, int places, boolean countPadding) {
        return Resampling.of(axis.count(extent, places), extent, (window, element) -> {
            int seen = 0;
            boolean here = false;
            for (int place = 0; place < places; place++) {
                int at = window * axis.stride() - axis.low() + place * axis.dilation();
                seen += countPadding || at >= 0 && at < extent ? 1 : 0;
                here |= at == element;
            }
            return here ? 1.0 / seen : 0;
        });
    }

    private static void requireFit(String name, Tensor images, int height, int width, Window2d window) {
        if (images.shape().rank() != 4) {
            throw images.tracer().error(name + ": takes [batch, channels, height, width], got " + images.shape());
        }
        requireFit(name + " over the height", images, 2, height, window.vertical());
        requireFit(name + " over the width", images, 3, width, window.horizontal());
    }

    private static void requireFit(String name, Tensor images, int axis, int places, Window2d.Axis window) {
        int extent = images.shape().extent(axis);
        if (places < 1 || window.count(extent, places) == 0) {
            throw images.tracer()
                    .error(name + ": windows of " + places + " places, " + window.reach(places)
                            + " elements, do not fit "
                            + extent + " of " + images.shape() + " with padding " + window.low() + " and "
                            + window.high() + "; at least 1 and at most "
                            + ((long) extent + window.low() + window.high()) + " elements do");
        }
        if (Math.max(window.low(), window.high()) >= window.reach(places)) {
            throw images.tracer()
                    .error(name + ": with padding " + window.low() + " and " + window.high() + " some windows of "
                            + window.reach(places) + " elements see padding alone; at most "
                            + (window.reach(places) - 1) + " leaves none");
        }
    }

    /** Whether windows lie side by side, each element in one of them. */
    private static boolean isTiling(Window2d window, int height, int width) {
        Window2d.Axis down = new Window2d.Axis(height, 0, 0, 1);
        Window2d.Axis across = new Window2d.Axis(width, 0, 0, 1);
        return window.equals(new Window2d(down, across));
    }

    /** {@code [batch, channels, rows, height, columns, width]}; what fills no window is left out. */
    private static Tensor tiles(Tensor images, int height, int width) {
        Shape shape = images.shape();
        int rows = shape.extent(2) / height;
        int columns = shape.extent(3) / width;
        return images.slice(2, 0, rows * height)
                .slice(3, 0, columns * width)
                .reshape(Shape.of(shape.extent(0), shape.extent(1), rows, height, columns, width));
    }

    /** For each place of a window what all windows see there, in row-major order. */
    private static List<Tensor> seen(Tensor images, int height, int width, Window2d window, double padding) {
        int rows = window.vertical().count(images.shape().extent(2), height);
        int columns = window.horizontal().count(images.shape().extent(3), width);
        Tensor padded = padded(images, 2, window.vertical(), height, rows, padding);
        padded = padded(padded, 3, window.horizontal(), width, columns, padding);
        List<Tensor> seen = new ArrayList<>();
        for (int down = 0; down < height; down++) {
            Tensor line = every(
                    padded,
                    2,
                    down * window.vertical().dilation(),
                    rows,
                    window.vertical().stride());
            for (int across = 0; across < width; across++) {
                int start = across * window.horizontal().dilation();
                seen.add(every(line, 3, start, columns, window.horizontal().stride()));
            }
        }
        return seen;
    }

    /** Padding once, as far as windows see or strides are taken. */
    private static Tensor padded(Tensor x, int axis, Window2d.Axis window, int places, int count, double value) {
        int needed = Math.toIntExact(window.reach(places) - 1 + (long) count * window.stride());
        int extent = x.shape().extent(axis);
        int whole = window.stride() == 1 ? extent + window.low() + window.high() : needed;
        return x.pad(axis, window.low(), Math.max(0, whole - extent - window.low()), value);
    }

    /** So many elements along an axis, {@code stride} apart. */
    private static Tensor every(Tensor x, int axis, int start, int count, int stride) {
        Tensor part = x.slice(axis, start, start + count * stride);
        if (stride == 1) {
            return part;
        }
        int[] extents = x.shape().extents();
        int[] apart = new int[extents.length + 1];
        System.arraycopy(extents, 0, apart, 0, axis);
        apart[axis] = count;
        apart[axis + 1] = stride;
        System.arraycopy(extents, axis + 1, apart, axis + 2, extents.length - axis - 1);
        return part.reshape(Shape.of(apart))
                .slice(axis + 1, 0, 1)
                .reshape(x.shape().with(axis, count));
    }
}
