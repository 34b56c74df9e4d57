package org.kolotoc.tensor;

/**
 * How a window moves over images {@code [batch, channels, height, width]}, for convolution and pooling (Dumoulin and Visin,
 * arXiv:1603.07285, have pictures). How many places it has is not said here: those of the weights, or of the pool.
 *
 * @param vertical along the height
 * @param horizontal along the width
 */
public record Window2d(Axis vertical, Axis horizontal) {

    /**
     * Along one axis: place {@code p} of window {@code i} sees element {@code i stride - low + p dilation}.
     *
     * @param stride elements from one window to the next, at least 1
     * @param low elements of padding before the first, at least 0
     * @param high elements of padding behind the last, at least 0
     * @param dilation elements from one place of a window to the next, at least 1
     */
    public record Axis(int stride, int low, int high, int dilation) {
        public Axis {
            if (stride < 1 || dilation < 1 || low < 0 || high < 0) {
                throw new IllegalArgumentException("a window with stride " + stride + ", dilation " + dilation
                        + " and padding " + low + " and " + high
                        + "; stride and dilation are at least 1, padding at least 0");
            }
        }

        /** Elements from the first that a window of so many places sees to the last. */
        public long reach(int places) {
            return (places - 1L) * dilation + 1;
        }

        /** How many windows of so many places there are over so many elements; 0 where none fits. */
        public int count(int extent, int places) {
            long free = (long) extent + low + high - reach(places);
            return free < 0 ? 0 : Math.toIntExact(free / stride + 1);
        }

        /** The fewest elements that have so many windows; up to {@code stride - 1} more have no further one. */
        long least(int count, int places) {
            return (count - 1L) * stride + reach(places) - low - high;
        }
    }

    /** Windows that lie side by side at this distance, without padding. */
    public static Window2d of(int stride) {
        Axis axis = new Axis(stride, 0, 0, 1);
        return new Window2d(axis, axis);
    }

    /** The same with so many elements of padding on all four sides. */
    public Window2d padded(int padding) {
        return padded(padding, padding, padding, padding);
    }

    /** The same with padding on each side. */
    public Window2d padded(int top, int bottom, int left, int right) {
        return new Window2d(
                new Axis(vertical.stride(), top, bottom, vertical.dilation()),
                new Axis(horizontal.stride(), left, right, horizontal.dilation()));
    }

    /** The same with places so far apart. */
    public Window2d dilated(int dilation) {
        return new Window2d(
                new Axis(vertical.stride(), vertical.low(), vertical.high(), dilation),
                new Axis(horizontal.stride(), horizontal.low(), horizontal.high(), dilation));
    }
}
