package org.kolotoc.api;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Named extents that parts of an experiment tell each other: {@code vocab}, {@code time}.
 *
 * @param extents in the order of their names
 */
public record Dimensions(Map<String, Integer> extents) {
    public Dimensions {
        extents = Collections.unmodifiableMap(new TreeMap<>(extents));
    }

    public static Dimensions none() {
        return new Dimensions(Map.of());
    }

    public static Dimensions of(String name, int extent) {
        return new Dimensions(Map.of(name, extent));
    }

    /**
     * The extent of that name.
     *
     * @throws InputError when nobody stated it
     */
    public int get(String name) {
        Integer extent = extents.get(name);
        if (extent == null) {
            throw InputError.of(
                    "the extent '" + name + "' is needed, but the data states only " + extents.keySet(),
                    "choose data and a tokenizer that state '" + name + "'");
        }
        return extent;
    }

    /**
     * How many classes the examples have: for a model whose settings have a flag {@code labels}, which is set.
     *
     * @throws InputError of that field, when they have none
     */
    public int classes() {
        if (!extents.containsKey("class")) {
            throw InputError.field(
                    "labels",
                    "true, but the data has no classes; expected false, or data with labels: \"pictures\" of a folder"
                            + " for each class, \"idx\" with its \"labels\"");
        }
        return get("class");
    }

    public int getOr(String name, int otherwise) {
        return extents.getOrDefault(name, otherwise);
    }
}
