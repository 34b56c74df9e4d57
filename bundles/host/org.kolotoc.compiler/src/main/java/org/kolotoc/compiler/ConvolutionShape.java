package org.kolotoc.compiler;

import org.kolotoc.tensor.Window2d;

/**
 * Sizes of a convolution, see {@link org.kolotoc.tensor.Op.Conv2d}: images {@code [batch, channels, height, width]}, weights
 * {@code [filters, channels / groups, down, across]}, result {@code [batch, filters, rows, columns]}.
 *
 * @param down places of a kernel along the height
 * @param across places of a kernel along the width
 */
public record ConvolutionShape(
        int batch,
        int groups,
        int channels,
        int height,
        int width,
        int filters,
        int rows,
        int columns,
        int down,
        int across,
        Window2d window) {

    /** Channels that a filter reads. */
    public int groupChannels() {
        return channels / groups;
    }

    /** Filters that read the same channels. */
    public int groupFilters() {
        return filters / groups;
    }

    /** Weights of one filter. */
    public int filterSize() {
        return groupChannels() * down * across;
    }

    /** Elements of one image. */
    public int imageSize() {
        return channels * height * width;
    }

    /** Windows over an image. */
    public int positions() {
        return rows * columns;
    }

    /** Elements of the result of one image. */
    public int resultSize() {
        return filters * positions();
    }

    /** Elements of all weights. */
    public int weightsSize() {
        return filters * filterSize();
    }

    /** Whether each window is one element of an image, and each element a window. */
    public boolean isPointwise() {
        return down == 1 && across == 1 && window.equals(Window2d.of(1));
    }

    /** Operations of one part, what meets the padding included. */
    public long flops() {
        return (long) (2.0 * batch * resultSize() * filterSize());
    }
}
