package org.kolotoc.engine.fill;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Needs;
import org.kolotoc.engine.experiment.SettingsJson;

/**
 * What a plugin needs with the settings that it has, and what it would need with others: whoever refuses a model says which
 * setting takes it.
 *
 * @param others by the one setting that differs, {@code "reader": "encoder"}; asked only where there is something to say
 */
record Variants(Needs needs, Supplier<Map<String, Needs>> others) {
    static <S extends Record> Variants of(Occupant occupant, S settings, Function<S, Needs> plugin) {
        Function<S, Needs> asked = some -> occupant.give("said what it needs", () -> plugin.apply(some));
        return new Variants(asked.apply(settings), () -> others(settings, asked));
    }

    private static <S extends Record> Map<String, Needs> others(S settings, Function<S, Needs> asked) {
        Map<String, Needs> others = new LinkedHashMap<>();
        RecordComponent[] components = settings.getClass().getRecordComponents();
        for (int i = 0; i < components.length; i++) {
            if (components[i].getType().isEnum()) {
                for (Object value : components[i].getType().getEnumConstants()) {
                    try {
                        others.put(
                                "\"" + components[i].getName() + "\": \"" + SettingsJson.name((Enum<?>) value) + "\"",
                                asked.apply(with(settings, components, i, value)));
                    } catch (InputError | PluginFailure _) {
                        // Settings that don't go together need nothing.
                    }
                }
            }
        }
        return others;
    }

    @SuppressWarnings("unchecked")
    private static <S extends Record> S with(S settings, RecordComponent[] components, int place, Object value) {
        try {
            Object[] values = new Object[components.length];
            for (int i = 0; i < components.length; i++) {
                components[i].getAccessor().setAccessible(true);
                values[i] = i == place ? value : components[i].getAccessor().invoke(settings);
            }
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            Constructor<?> constructor = settings.getClass().getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return (S) constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw InputError.of("settings " + List.of(components) + " can't be changed", "", e);
        }
    }
}
