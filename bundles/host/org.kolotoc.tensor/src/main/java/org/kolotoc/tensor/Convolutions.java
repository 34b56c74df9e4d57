package org.kolotoc.tensor;

/** Convolution of images and its transpose, over {@link Op.Conv2d} and {@link Op.Conv2dInputGradient}. */
public final class Convolutions {
    private Convolutions() {}

    /** {@link #conv2d(Tensor, Tensor, Window2d, int)} in which every filter reads all channels. */
    public static Tensor conv2d(Tensor images, Tensor weights, Window2d window) {
        return conv2d(images, weights, window, 1);
    }

    /**
     * Convolution, see {@link Op.Conv2d}: {@code rows} is {@code (height + padding - reach) / stride + 1}, rounded down, where
     * the reach of a kernel is {@code (places - 1) dilation + 1}; {@code columns} likewise.
     *
     * @param images {@code f32 [batch, channels, height, width]}
     * @param weights {@code f32 [filters, channels / groups, places down, places across]}
     * @param groups parts of the channels that go to parts of the filters; as many as channels are a depthwise convolution
     * @return {@code f32 [batch, filters, rows, columns]}
     * @throws ShapeError when groups don't divide channels and filters, or a kernel is larger than the padded images
     */
    public static Tensor conv2d(Tensor images, Tensor weights, Window2d window, int groups) {
        return Nodes.append(new Op.Conv2d(window, groups), images, weights);
    }

    /** {@link #transposed(Tensor, Tensor, Window2d, int, int, int)} of one group, without padding of the result. */
    public static Tensor transposed(Tensor x, Tensor weights, Window2d window) {
        return transposed(x, weights, window, 1, 0, 0);
    }

    /**
     * Transposed convolution, also known as fractionally strided (Zeiler et al., CVPR 2010; Radford et al.,
     * arXiv:1511.06434): each element spreads a kernel over the result. It is what a convolution with the same weights and
     * window sends back to its images. {@code height} is {@code (rows - 1) stride + reach - padding + outputPadding}.
     *
     * @param x {@code f32 [batch, channels, rows, columns]}
     * @param weights {@code f32 [channels, filters / groups, places down, places across]}
     * @param below of the rows that {@code stride - 1} images have alike, so many more; less than the stride
     * @param right columns likewise
     * @return {@code f32 [batch, filters, height, width]}
     * @throws ShapeError when the padding leaves nothing, or the output padding is not below the stride
     */
    public static Tensor transposed(Tensor x, Tensor weights, Window2d window, int groups, int below, int right) {
        if (x.shape().rank() != 4 || weights.shape().rank() != 4) {
            throw x.tracer()
                    .error("transposed convolution: takes [batch, channels, rows, columns] and weights [channels,"
                            + " filters / groups, height, width], got " + x.shape() + " and " + weights.shape());
        }
        int height = spread(x, window.vertical(), 2, weights.shape().extent(2), below);
        int width = spread(x, window.horizontal(), 3, weights.shape().extent(3), right);
        return Nodes.append(new Op.Conv2dInputGradient(window, groups, height, width), x, weights);
    }

    private static int spread(Tensor x, Window2d.Axis axis, int position, int places, int more) {
        if (more < 0 || more >= axis.stride()) {
            throw x.tracer()
                    .error("transposed convolution: output padding " + more + " with stride " + axis.stride()
                            + "; it is from 0 to " + (axis.stride() - 1));
        }
        long extent = axis.least(x.shape().extent(position), places) + more;
        if (extent < 1 || extent > Integer.MAX_VALUE) {
            throw x.tracer()
                    .error("transposed convolution: axis " + position + " of " + x.shape() + " under " + places
                            + " places with padding " + axis.low() + " and " + axis.high() + " becomes " + extent
                            + " elements; less padding leaves some");
        }
        return (int) extent;
    }
}
