package org.kolotoc.tensor;

/**
 * Other numbers of rows and columns by shares of the old ones, along either axis by itself: two products with constant
 * matrices. Kernels that go over an image's rows in runs of two or three elements are many times slower.
 *
 * @param size elements of the result along the axis
 * @param extent elements of the images along it
 * @param shares {@code [size, extent]}: how much of each element is in each of the result
 */
record Resampling(int size, int extent, float[] shares) {

    /** How much of an element of the images is in one of the result. */
    @FunctionalInterface
    interface Share {
        double of(int result, int element);
    }

    static Resampling of(int size, int extent, Share share) {
        float[] shares = new float[size * extent];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = (float) share.of(i / extent, i % extent);
        }
        return new Resampling(size, extent, shares);
    }

    private boolean changesNothing() {
        for (int i = 0; i < shares.length; i++) {
            if (size != extent || shares[i] != (i / extent == i % extent ? 1 : 0)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Images resampled along both axes.
     *
     * @param images {@code f32 [batch, channels, height, width]}
     * @return {@code f32 [batch, channels, down.size, across.size]}
     */
    static Tensor of(Tensor images, Resampling down, Resampling across) {
        Tracer tracer = images.tracer();
        Shape shape = images.shape();
        int planes = shape.extent(0) * shape.extent(1);
        Tensor result = images;
        // Shares of elements, in whatever precision layers form their products.
        try (Tracer.Scope _ = tracer.products(Op.Precision.F32)) {
            if (!across.changesNothing()) {
                result = result.reshape(Shape.of(planes * down.extent, across.extent))
                        .matmul(across.matrix(tracer).matrixTranspose());
            }
            if (!down.changesNothing()) {
                result = down.matrix(tracer)
                        .broadcast(Shape.of(planes, down.size, down.extent))
                        .matmul(result.reshape(Shape.of(planes, down.extent, across.size)));
            }
        }
        return result.reshape(Shape.of(shape.extent(0), shape.extent(1), down.size, across.size));
    }

    private Tensor matrix(Tracer tracer) {
        return tracer.constant(shares, Shape.of(size, extent));
    }
}
