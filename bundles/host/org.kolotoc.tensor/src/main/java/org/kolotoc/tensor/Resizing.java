package org.kolotoc.tensor;

/** Images of another size. */
public final class Resizing {
    private Resizing() {}

    /**
     * Each element of the result is one of the images: row {@code i} is row {@code i height / rows}, rounded down. Where the
     * sizes divide each other it costs no pass of its own.
     *
     * @param images {@code [batch, channels, height, width]}
     * @return {@code [batch, channels, rows, columns]}
     */
    public static Tensor nearest(Tensor images, int rows, int columns) {
        requireSize("nearest", images, rows, columns);
        return along(along(images, 2, rows), 3, columns);
    }

    /**
     * Each element of the result is a mean of up to four, by its distances to them, formed by products with constant matrices:
     * a number that is not finite spoils its row and column.
     *
     * @param images {@code f32 [batch, channels, height, width]}
     * @param corners whether the centres of the elements at the corners lie on each other; else the images' edges do
     * @return {@code f32 [batch, channels, rows, columns]}
     */
    public static Tensor bilinear(Tensor images, int rows, int columns, boolean corners) {
        requireSize("bilinear", images, rows, columns);
        // Shares of elements, in whatever precision layers form their products.
        try (Tracer.Scope _ = images.tracer().products(Op.Precision.F32)) {
            return weighed(images, rows, columns, corners);
        }
    }

    private static Tensor weighed(Tensor images, int rows, int columns, boolean corners) {
        Shape shape = images.shape();
        int planes = shape.extent(0) * shape.extent(1);
        int height = shape.extent(2);
        int width = shape.extent(3);
        Tensor result = images;
        if (columns != width) {
            Tensor shares = shares(images.tracer(), width, columns, corners);
            result = result.reshape(Shape.of(planes * height, width)).matmul(shares.matrixTranspose());
        }
        if (rows != height) {
            Tensor shares = shares(images.tracer(), height, rows, corners);
            result = shares.broadcast(Shape.of(planes, rows, height))
                    .matmul(result.reshape(Shape.of(planes, height, columns)));
        }
        return result.reshape(Shape.of(shape.extent(0), shape.extent(1), rows, columns));
    }

    private static void requireSize(String name, Tensor images, int rows, int columns) {
        Shape shape = images.shape();
        if (shape.rank() != 4 || rows < 1 || columns < 1 || shape.extent(2) < 1 || shape.extent(3) < 1) {
            throw images.tracer()
                    .error("resize " + name + ": takes [batch, channels, height, width] to at least 1 row and 1 column,"
                            + " got " + shape + " to " + rows + " and " + columns);
        }
    }

    private static Tensor along(Tensor x, int axis, int size) {
        int extent = x.shape().extent(axis);
        if (size == extent) {
            return x;
        }
        if (size % extent == 0) {
            Shape apart = apart(x.shape(), axis, extent, 1);
            return x.reshape(apart)
                    .broadcast(apart.with(axis + 1, size / extent))
                    .reshape(x.shape().with(axis, size));
        }
        if (extent % size == 0) {
            return x.reshape(apart(x.shape(), axis, size, extent / size))
                    .slice(axis + 1, 0, 1)
                    .reshape(x.shape().with(axis, size));
        }
        int[] from = new int[size];
        for (int i = 0; i < size; i++) {
            from[i] = (int) ((long) i * extent / size);
        }
        int[] front = {axis, 0, 1, 5 - axis};
        int[] back = axis == 2 ? new int[] {1, 2, 0, 3} : new int[] {1, 2, 3, 0};
        return x.transpose(front)
                .gather(x.tracer().constant(from, Shape.of(size)))
                .transpose(back);
    }

    /** An axis as two. */
    private static Shape apart(Shape shape, int axis, int outer, int inner) {
        return axis == 2
                ? Shape.of(shape.extent(0), shape.extent(1), outer, inner, shape.extent(3))
                : Shape.of(shape.extent(0), shape.extent(1), shape.extent(2), outer, inner);
    }

    /** {@code [size, extent]}: how much of each element is in each of the result. */
    private static Tensor shares(Tracer tracer, int extent, int size, boolean corners) {
        float[] shares = new float[size * extent];
        for (int i = 0; i < size; i++) {
            double centre = corners
                    ? size == 1 ? 0 : (double) i * (extent - 1) / (size - 1)
                    : Math.clamp((i + 0.5) * extent / size - 0.5, 0, extent - 1);
            int below = Math.min((int) centre, extent - 1);
            int above = Math.min(below + 1, extent - 1);
            shares[i * extent + below] += (float) (1 - (centre - below));
            shares[i * extent + above] += (float) (centre - below);
        }
        return tracer.constant(shares, Shape.of(size, extent));
    }
}
