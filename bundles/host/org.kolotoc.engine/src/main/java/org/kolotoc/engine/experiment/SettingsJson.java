package org.kolotoc.engine.experiment;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.lang.reflect.RecordComponent;
import java.util.Locale;

/** A settings record as the JSON object that {@link Binder} binds to it. */
public final class SettingsJson {
    private SettingsJson() {}

    /** @throws IllegalArgumentException for a component that is no number, truth value, text, enum constant or such a record */
    public static JsonObject of(Record settings) {
        JsonObject json = new JsonObject();
        for (RecordComponent component : settings.getClass().getRecordComponents()) {
            Object value = value(settings, component);
            switch (value) {
                case Number number -> json.addProperty(component.getName(), number);
                case Boolean flag -> json.addProperty(component.getName(), flag);
                case String text -> json.addProperty(component.getName(), text);
                case Enum<?> constant -> json.add(component.getName(), new JsonPrimitive(name(constant)));
                case Record inside -> json.add(component.getName(), of(inside));
                default ->
                    throw new IllegalArgumentException(
                            component + " of " + settings.getClass().getName() + " has no form in JSON here");
            }
        }
        return json;
    }

    /** A constant as it is written: {@code warm-up}. */
    public static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Object value(Record settings, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(settings);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(component + " can't be read", e);
        }
    }
}
