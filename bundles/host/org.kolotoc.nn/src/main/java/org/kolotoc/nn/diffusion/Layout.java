package org.kolotoc.nn.diffusion;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.kolotoc.tensor.Shape;

/** The axes of a sample: data, denoisers, phases and samplers of one layout fit each other. */
public enum Layout {
    /** {@code [batch, coordinate]}. */
    POINTS("coordinate"),
    /** {@code [batch, channel, height, width]}. */
    PICTURES("channel", "height", "width");

    private final List<String> axes;

    Layout(String... axes) {
        this.axes = List.of(axes);
    }

    /** Those behind that of the batch; data and denoisers state their extents. */
    public List<String> axes() {
        return axes;
    }

    /** The field of the data: {@code f32 sample[batch,coordinate]}. */
    public String field() {
        return port("sample");
    }

    /** The same axes for another tensor: {@code f32 noisy[batch,coordinate]}. */
    public String port(String name) {
        return "f32 " + name + "[batch," + String.join(",", axes) + "]";
    }

    /**
     * What a denoiser of this layout takes and gives: noisy samples at steps of a schedule, from 0, perhaps with their classes,
     * to a {@link Prediction} of each.
     *
     * @param labelled whether it is told the class, or none by the number of classes
     */
    public String denoiser(Prediction prediction, boolean labelled) {
        return port("noisy") + "; f32 time[batch]" + (labelled ? "; i32 label[batch]" : "") + " -> "
                + port(prediction.port());
    }

    /** What is needed of a denoiser: any of the predictions, with classes or without. */
    public String anyDenoiser() {
        return port("noisy") + "; f32 time[batch]; i32 label[batch]? -> "
                + Stream.of(Prediction.values())
                        .map(prediction -> port(prediction.port()) + "?")
                        .collect(Collectors.joining("; "));
    }

    /**
     * Of a batch.
     *
     * @param extents of the axes
     */
    public Shape shape(int batch, ToIntFunction<String> extents) {
        return Shape.of(IntStream.concat(IntStream.of(batch), axes.stream().mapToInt(extents))
                .toArray());
    }

    /** {@code [batch, 1, ...]}, to be broadcast over samples. */
    public Shape column(int batch) {
        int[] extents = new int[axes.size() + 1];
        Arrays.fill(extents, 1);
        extents[0] = batch;
        return Shape.of(extents);
    }
}
