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

    /**
     * Convolution that keeps height and width, of images twice as high and wide by {@link Resizing#nearest}, which are never
     * made. A window sees elements of {@code images} twice, so that its weights for them may be added first: what is left is a
     * transposed convolution of stride 2 with {@code side + 1} places along each axis, with {@code (side + 1)^2 / 4} products
     * an element in the place of {@code side^2}.
     *
     * @param images {@code f32 [batch, channels, height, width]}
     * @param weights {@code f32 [filters, channels, side, side]}, the side odd
     * @return {@code f32 [batch, filters, 2 height, 2 width]}
     * @throws ShapeError when the kernels are no squares of an odd side
     */
    public static Tensor doubled(Tensor images, Tensor weights) {
        Shape shape = weights.shape();
        if (shape.rank() != 4 || shape.extent(2) != shape.extent(3) || shape.extent(2) % 2 == 0) {
            throw images.tracer()
                    .error("convolution of doubled images: takes weights [filters, channels, side, side] of an odd"
                            + " side, got " + shape);
        }
        int side = shape.extent(2);
        int reach = side + 1;
        float[] meets = new float[side * side * reach * reach];
        for (int i = 0; i < meets.length; i++) {
            int place = i / (reach * reach);
            int spread = i % (reach * reach);
            boolean down = meets(place / side, spread / reach, side);
            meets[i] = down && meets(place % side, spread % reach, side) ? 1 : 0;
        }
        Tensor sums;
        // Sums of weights, in whatever precision layers form their products.
        try (Tracer.Scope _ = images.tracer().products(Op.Precision.F32)) {
            sums = weights.reshape(Shape.of(shape.extent(0) * shape.extent(1), side * side))
                    .matmul(images.tracer().constant(meets, Shape.of(side * side, reach * reach)));
        }
        Tensor kernel = sums.reshape(Shape.of(shape.extent(0), shape.extent(1), reach, reach))
                .transpose(1, 0, 2, 3);
        return transposed(images, kernel, Window2d.of(2).padded(side / 2));
    }

    /** Whether an element is seen by a place of a kernel where it spreads so far, itself or the copy beside it. */
    private static boolean meets(int place, int spread, int side) {
        return place == side - 1 - spread || place == side - spread;
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
