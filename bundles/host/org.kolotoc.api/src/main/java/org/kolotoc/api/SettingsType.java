package org.kolotoc.api;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which settings a plugin's class says it takes, by the argument that it gives {@link Plugin}. Read from its class file: a
 * constructor that throws or hangs is not asked.
 */
final class SettingsType {
    private SettingsType() {}

    /** The record; nothing where a class leaves it open. */
    static Optional<Class<? extends Record>> of(Class<?> plugin) {
        return argument(plugin, Map.of())
                .flatMap(type -> type instanceof Class<?> found && found.isRecord()
                        ? Optional.of(found.asSubclass(Record.class))
                        : Optional.empty());
    }

    /** @param known what the variables of a class stand for */
    private static Optional<Type> argument(Class<?> type, Map<TypeVariable<?>, Type> known) {
        return Stream.concat(Stream.ofNullable(type.getGenericSuperclass()), Stream.of(type.getGenericInterfaces()))
                .flatMap(parent -> ofParent(parent, known).stream())
                .findFirst();
    }

    private static Optional<Type> ofParent(Type parent, Map<TypeVariable<?>, Type> known) {
        if (parent instanceof Class<?> plain) {
            return argument(plain, Map.of());
        }
        if (!(parent instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> raw)) {
            return Optional.empty();
        }
        Map<TypeVariable<?>, Type> inside = new HashMap<>();
        for (int i = 0; i < raw.getTypeParameters().length; i++) {
            Type given = generic.getActualTypeArguments()[i];
            inside.put(raw.getTypeParameters()[i], known.getOrDefault(given, given));
        }
        return raw == Plugin.class ? Optional.of(inside.get(raw.getTypeParameters()[0])) : argument(raw, inside);
    }
}
