package org.kolotoc.sampler.diffusion;

import org.kolotoc.api.InputError;
import org.kolotoc.api.Sample;
import org.kolotoc.api.image.Pictures;
import org.kolotoc.api.image.Scatter;
import org.kolotoc.nn.diffusion.Layout;
import org.kolotoc.tensor.Shape;

/**
 * Numbers as something to look at, and back: points as an SVG, to the last bit; pictures, from -1, black, to 1, as a PNG of rows
 * and columns, to 1/255.
 *
 * @param shape {@code [examples, ...]}
 */
record Shown(Layout layout, Shape shape) {
    /** @throws InputError of points that are not of the plane, or pictures that are neither grey nor coloured */
    Shown {
        int first = shape.extent(1);
        if (layout == Layout.POINTS && first != 2) {
            throw InputError.of(
                    "points of " + first + " coordinates have no picture; expected 2", "choose data of the plane");
        }
        if (layout == Layout.PICTURES && first != 1 && first != 3) {
            throw InputError.of(
                    "pictures of " + first + " channels have no picture; expected 1 for grey, or 3 for colours",
                    "choose data with 1 or 3 channels");
        }
    }

    /** @param numbers {@code [count, ...]}, of as many examples as there are labels */
    Sample of(float[] numbers, int[] labels) {
        return switch (layout) {
            case POINTS -> new Scatter(numbers, labels).svg();
            case PICTURES ->
                new Pictures(pixels(numbers), shape.extent(2), shape.extent(3), shape.extent(1))
                        .grid((int) Math.ceil(Math.sqrt(labels.length)));
        };
    }

    /** As many times the first of what a sample shows. */
    Sample constant(Sample sample) {
        return switch (layout) {
            case POINTS -> Scatter.of(sample).constant().svg();
            case PICTURES -> {
                Pictures pictures = Pictures.of(sample, shape.extent(2), shape.extent(3));
                yield pictures.constant().grid((int) Math.ceil(Math.sqrt(shape.extent(0))));
            }
        };
    }

    /** Channels within pixels, from 0 to 1. */
    private float[] pixels(float[] numbers) {
        int channels = shape.extent(1);
        int area = shape.extent(2) * shape.extent(3);
        float[] pixels = new float[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            int picture = i / (channels * area);
            int channel = i / area % channels;
            pixels[(picture * area + i % area) * channels + channel] = (numbers[i] + 1) / 2;
        }
        return pixels;
    }
}
