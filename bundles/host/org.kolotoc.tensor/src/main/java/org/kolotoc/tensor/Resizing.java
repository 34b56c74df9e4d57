package org.kolotoc.tensor;

/**
 * Images of another size, by products with constant matrices: a number that is not finite spoils its row and column.
 */
public final class Resizing {
    private Resizing() {}

    /**
     * Each element of the result is one of the images: row {@code i} is row {@code i height / rows}, rounded down.
     *
     * @param images {@code f32 [batch, channels, height, width]}
     * @return {@code f32 [batch, channels, rows, columns]}
     */
    public static Tensor nearest(Tensor images, int rows, int columns) {
        requireSize("nearest", images, rows, columns);
        return Resampling.of(
                images,
                nearest(images.shape().extent(2), rows),
                nearest(images.shape().extent(3), columns));
    }

    /**
     * Each element of the result is a mean of up to four, by its distances to them.
     *
     * @param images {@code f32 [batch, channels, height, width]}
     * @param corners whether the centres of the elements at the corners lie on each other; else the images' edges do
     * @return {@code f32 [batch, channels, rows, columns]}
     */
    public static Tensor bilinear(Tensor images, int rows, int columns, boolean corners) {
        requireSize("bilinear", images, rows, columns);
        return Resampling.of(
                images,
                linear(images.shape().extent(2), rows, corners),
                linear(images.shape().extent(3), columns, corners));
    }

    private static void requireSize(String name, Tensor images, int rows, int columns) {
        Shape shape = images.shape();
        if (shape.rank() != 4 || rows < 1 || columns < 1 || shape.extent(2) < 1 || shape.extent(3) < 1) {
            throw images.tracer()
                    .error("resize " + name + ": takes [batch, channels, height, width] to at least 1 row and 1 column,"
                            + " got " + shape + " to " + rows + " and " + columns);
        }
    }

    private static Resampling nearest(int extent, int size) {
        return Resampling.of(size, extent, (i, from) -> (long) i * extent / size == from ? 1 : 0);
    }

    private static Resampling linear(int extent, int size, boolean corners) {
        return Resampling.of(size, extent, (i, from) -> {
            double centre = corners
                    ? size == 1 ? 0 : (double) i * (extent - 1) / (size - 1)
                    : Math.clamp((i + 0.5) * extent / size - 0.5, 0, extent - 1);
            return Math.max(0, 1 - Math.abs(centre - from));
        });
    }
}
