package org.kolotoc.api.checkpoint;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is written of a model beside its tensors, in the order of the names.
 *
 * @param config the fields of the configuration: {@link String}, {@link Number}, {@link Boolean}, {@link java.util.List} or
 *     {@link Map} by name
 * @param tensors names that tell {@link ForeignFamily#read} with which heads it is saved
 */
public record WrittenModel(Map<String, ?> config, Set<String> tensors) {
    public WrittenModel {
        config = Collections.unmodifiableMap(new TreeMap<>(config));
        tensors = Collections.unmodifiableSet(new TreeSet<>(tensors));
    }

    /**
     * A name that stands for a value; the first of several in the order of the alphabet.
     *
     * @throws IllegalArgumentException when none does
     */
    public static <T> String name(Map<String, T> known, T value) {
        return known.entrySet().stream()
                .filter(entry -> entry.getValue().equals(value))
                .map(Map.Entry::getKey)
                .sorted()
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no name for " + value));
    }
}
