package org.kolotoc.engine.fill;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.kolotoc.api.Family;
import org.kolotoc.api.Plugin;
import org.kolotoc.api.SeatKind;
import org.kolotoc.api.Settings;
import org.kolotoc.engine.experiment.Versions;

/**
 * A kind of seat, as its interface tells it.
 *
 * @param reserved fields that no settings record of such a plugin may have
 */
record Kind(String name, String summary, List<String> reserved, Class<?> type) {
    /** The fields that name the plugin, in the JSON of every seat. */
    private static final List<String> NAMING = List.of("id", Versions.FIELD);

    /** The kind that an interface is; nothing where it is none. */
    static Optional<Kind> of(Class<?> type) {
        SeatKind marked = type.getAnnotation(SeatKind.class);
        return marked == null || !Plugin.class.isAssignableFrom(type)
                ? Optional.empty()
                : Optional.of(new Kind(marked.value(), marked.summary(), reserved(marked), type));
    }

    /**
     * The kind that an interface has to be.
     *
     * @throws IllegalArgumentException when it is none
     */
    static Kind required(Class<?> type) {
        return of(type).orElseThrow(() -> new IllegalArgumentException(type.getName() + " is no kind of seat"));
    }

    private static List<String> reserved(SeatKind marked) {
        List<String> reserved = new ArrayList<>(NAMING);
        reserved.addAll(List.of(marked.reserved()));
        return List.copyOf(reserved);
    }

    /** The kinds that an interface is or extends. */
    static Stream<Kind> among(Class<?> type) {
        return Stream.concat(
                of(type).stream(), Arrays.stream(type.getInterfaces()).flatMap(Kind::among));
    }

    /** What is wrong with a settings record of such a plugin, as the rest of a sentence; nothing where it can be used. */
    Optional<String> fault(Class<? extends Record> settings) {
        return Arrays.stream(settings.getRecordComponents())
                .map(RecordComponent::getName)
                .filter(reserved::contains)
                .findFirst()
                .map(field -> "has a field '" + field + "' in its settings record " + settings.getName()
                        + ", but a " + name + " keeps " + String.join(", ", reserved)
                        + " for itself; give the field another name")
                .or(() -> unfillable(settings, new HashSet<>()));
    }

    /** A component, here or in a record inside, that names no kind whose plugins can make something. */
    private static Optional<String> unfillable(Class<?> settings, Set<Class<?>> seen) {
        if (!settings.isRecord() || !seen.add(settings)) {
            return Optional.empty();
        }
        return Arrays.stream(settings.getRecordComponents())
                .flatMap(component -> {
                    Settings.Filled filled = component.getAnnotation(Settings.Filled.class);
                    return filled == null
                            ? inside(component.getGenericType()).flatMap(type -> unfillable(type, seen).stream())
                            : of(filled.value()).isPresent() && Family.class.isAssignableFrom(filled.value())
                                    ? Stream.empty()
                                    : Stream.of("has a field '" + component.getName() + "' in its settings record "
                                            + settings.getName() + " that is to be filled by a "
                                            + filled.value().getName() + "; expected an interface that extends "
                                            + Family.class.getSimpleName() + " and is marked @SeatKind");
                })
                .findFirst();
    }

    /** The classes that a type is made of. */
    private static Stream<Class<?>> inside(Type type) {
        return type instanceof ParameterizedType generic
                ? Arrays.stream(generic.getActualTypeArguments()).flatMap(Kind::inside)
                : type instanceof Class<?> plain ? Stream.of(plain) : Stream.empty();
    }
}
