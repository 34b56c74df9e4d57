package org.kolotoc.data.pictures;

import java.util.HashMap;
import java.util.Map;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Examples;
import org.kolotoc.nn.Layout;

/**
 * Pictures as data has them: a field {@code sample}, {@link Layout#PICTURES}, and where they have classes a {@code label}.
 *
 * @param classes 0 for none
 */
record Gathered(Canvas canvas, int classes) {
    private static final String SAMPLE = "sample";
    private static final String TRAIN = "train";

    /**
     * One part.
     *
     * @param numbers of its pictures, one after the other
     * @param labels null where there are none
     */
    record Part(float[] numbers, int[] labels) {}

    Dataset data(Part train, Part heldOut) {
        Map<String, Integer> extents =
                new HashMap<>(Map.of("channel", canvas.channels(), "height", canvas.height(), "width", canvas.width()));
        if (classes > 0) {
            extents.put("class", classes);
        }
        Dimensions dimensions = new Dimensions(extents);
        Examples.Part held = examples(heldOut);
        Examples data = new Examples(dimensions, Map.of(TRAIN, examples(train), "validation", held));
        // Each number is that of a picture, and no picture is one. What was trained on is not copied for it.
        Examples.Part scattered = new Examples(dimensions, Map.of(TRAIN, held))
                .scattered(SAMPLE)
                .parts()
                .get(TRAIN);
        return data.controlled(Map.of(
                "scattered",
                new Examples(dimensions, Map.of(TRAIN, data.parts().get(TRAIN), "validation", scattered))));
    }

    private Examples.Part examples(Part part) {
        Examples.Part examples =
                new Examples.Part(part.numbers().length / canvas.size()).with(Layout.PICTURES.field(), part.numbers());
        return part.labels() == null ? examples : examples.with("i32 label[batch]", part.labels());
    }
}
