package org.kolotoc.nn;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.kolotoc.tensor.Shape;

/** The axes of a sample: data, models, phases and samplers of one layout fit each other. */
public enum Layout {
    /** {@code [batch, coordinate]}. */
    POINTS("coordinate"),
    /** {@code [batch, channel, height, width]}. */
    PICTURES("channel", "height", "width");

    private static final String LABEL = "; i32 label[batch]";

    private final List<String> axes;

    Layout(String... axes) {
        this.axes = List.of(axes);
    }

    /** Those behind that of the batch; data and models state their extents. */
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
     * What a generator of this layout takes and gives: noise, perhaps a class, to a sample.
     *
     * @param labelled whether it is told the class
     */
    public String generator(boolean labelled) {
        return adversary("f32 noise[batch,latent]", labelled ? LABEL : "", field());
    }

    /** What is needed of a generator, with classes or without. */
    public String anyGenerator() {
        return adversary("f32 noise[batch,latent]", LABEL + "?", field());
    }

    /**
     * What a discriminator, or critic, of this layout takes and gives: a sample, perhaps its class, to a number that is the
     * higher the more it holds the sample to be one of the data. One that compares samples with each other states how many, one
     * after the other in a batch, as {@code group} among its limits.
     *
     * @param labelled whether it is told the class
     */
    public String discriminator(boolean labelled) {
        return adversary(field(), labelled ? LABEL : "", "f32 logit[batch]");
    }

    /** What is needed of a discriminator, with classes or without. */
    public String anyDiscriminator() {
        return adversary(field(), LABEL + "?", "f32 logit[batch]");
    }

    private static String adversary(String input, String label, String output) {
        return input + label + " -> " + output;
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
