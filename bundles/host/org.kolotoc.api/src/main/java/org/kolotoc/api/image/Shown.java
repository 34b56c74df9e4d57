package org.kolotoc.api.image;

import java.util.Arrays;
import java.util.Map;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Sample;
import org.kolotoc.tensor.Shape;

/**
 * Numbers as something to look at, and back: points as an SVG, to the last bit; pictures, from -1, black, to 1, as a PNG of rows
 * and columns, to 1/255.
 *
 * @param shape of one sample: points {@code [examples, 2]}, or pictures {@code [examples, channels, height, width]}
 * @param way whether pictures lead from the first to the last: they are one row then, where they are few
 */
public record Shown(Shape shape, boolean way) {
    /** The longest way that is one row. */
    private static final int ROW = 16;

    /**
     * Checks that there is something to see.
     *
     * @throws InputError of points that are not of the plane, or pictures that are neither grey nor coloured
     */
    public Shown {
        if (shape.rank() != 2 && shape.rank() != 4) {
            throw new IllegalArgumentException(shape + " is neither points nor pictures");
        }
        int first = shape.extent(1);
        if (shape.rank() == 2 && first != 2) {
            throw InputError.of(
                    "points of " + first + " coordinates have no picture; expected 2", "choose data of the plane");
        }
        if (shape.rank() == 4 && first != 1 && first != 3) {
            throw InputError.of(
                    "pictures of " + first + " channels have no picture; expected 1 for grey, or 3 for colours",
                    "choose data with 1 or 3 channels");
        }
    }

    /** Examples by themselves. */
    public Shown(Shape shape) {
        this(shape, false);
    }

    /** @param numbers {@code [count, ...]}, of as many examples as there are labels */
    public Sample of(float[] numbers, int[] labels) {
        return points()
                ? new Scatter(numbers, labels).svg()
                : new Pictures(pixels(numbers), shape.extent(2), shape.extent(3), shape.extent(1))
                        .grid(columns(labels.length));
    }

    /** As many times the first of what a sample shows: a control, see {@link org.kolotoc.api.Sampling}. */
    public Sample constant(Sample sample) {
        return points()
                ? Scatter.of(sample).constant().svg()
                : Pictures.of(sample, shape.extent(2), shape.extent(3))
                        .constant()
                        .grid(columns(shape.extent(0)));
    }

    /**
     * As many examples that were trained on, with their own labels: a control. Fewer where there are fewer.
     *
     * @param data with a field {@code sample}, and perhaps {@code label}
     */
    public Sample replayed(Dataset data) {
        Map<String, float[]> training = data.first("train", shape.extent(0));
        float[] examples = training.get("sample");
        int[] labels = new int[examples.length / (shape.size() / shape.extent(0))];
        float[] classes = training.get("label");
        if (classes != null) {
            Arrays.setAll(labels, i -> (int) classes[i]);
        }
        return of(examples, labels);
    }

    private boolean points() {
        return shape.rank() == 2;
    }

    private int columns(int examples) {
        return way && examples <= ROW ? examples : (int) Math.ceil(Math.sqrt(examples));
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
