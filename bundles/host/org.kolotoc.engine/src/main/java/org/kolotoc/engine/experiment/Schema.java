package org.kolotoc.engine.experiment;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.TreeMap;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Settings;

/**
 * The JSON Schema (2020-12) of an experiment, composed of the same records that {@link Binder} fills: those of this
 * package and those of the installed plugins. So an editor refuses what a run refuses.
 */
public final class Schema {
    private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

    /** Which kind of plugin a field that names one wants. */
    private static final Map<String, String> KINDS = Map.of(
            "data", Seat.DATA,
            "tokenizer", Seat.TOKENIZER,
            "model", Seat.MODEL,
            "models", Seat.MODEL,
            "phases", Seat.PHASE,
            "metrics", Seat.METRIC,
            "decoder", Seat.DECODER);

    private Schema() {}

    /**
     * The schema of experiments.
     *
     * @param seats settings record of each installed plugin, by kind, then by id
     */
    public static JsonObject experiment(Map<String, Map<String, Class<? extends Record>>> seats) {
        JsonObject schema = new JsonObject();
        schema.addProperty("$schema", DIALECT);
        schema.addProperty("title", Experiment.SCHEMA);
        record(Experiment.class).entrySet().forEach(entry -> schema.add(entry.getKey(), entry.getValue()));
        fix(schema, Experiment.SCHEMA);
        JsonArray listOrFile = new JsonArray();
        listOrFile.add(schema.getAsJsonObject("properties").get("criteria"));
        listOrFile.add(simple("string"));
        JsonObject criteria = new JsonObject();
        criteria.add("anyOf", listOrFile);
        criteria.addProperty(
                "description", "bounds that decide the verdict, or the name of a file " + CriteriaFile.SCHEMA);
        schema.getAsJsonObject("properties").add("criteria", criteria);
        JsonObject definitions = new JsonObject();
        new TreeMap<>(Map.copyOf(KINDS))
                .values().stream()
                        .distinct()
                        .forEach(kind -> definitions.add(kind, seats(seats.getOrDefault(kind, Map.of()))));
        schema.add("$defs", definitions);
        return schema;
    }

    /** The schema of criteria in a file of their own. */
    public static JsonObject criteria() {
        JsonObject schema = new JsonObject();
        schema.addProperty("$schema", DIALECT);
        schema.addProperty("title", CriteriaFile.SCHEMA);
        record(CriteriaFile.class).entrySet().forEach(entry -> schema.add(entry.getKey(), entry.getValue()));
        fix(schema, CriteriaFile.SCHEMA);
        return schema;
    }

    /** Allows no other value of the field {@code schema}. */
    private static void fix(JsonObject schema, String value) {
        JsonObject fixed = new JsonObject();
        fixed.addProperty("const", value);
        schema.getAsJsonObject("properties").add("schema", fixed);
    }

    /** An object with the id of one of the plugins and that plugin's fields. */
    private static JsonObject seats(Map<String, Class<? extends Record>> plugins) {
        JsonArray choices = new JsonArray();
        new TreeMap<>(plugins).forEach((id, settings) -> {
            JsonObject choice = record(settings);
            JsonObject name = new JsonObject();
            name.addProperty("const", id);
            choice.getAsJsonObject("properties").add("id", name);
            choice.getAsJsonArray("required").add("id");
            choices.add(choice);
        });
        JsonObject any = new JsonObject();
        any.add("oneOf", choices);
        return any;
    }

    /** An object with the components of a settings record and no other field. */
    public static JsonObject record(Class<?> type) {
        JsonObject schema = new JsonObject();
        schema.addProperty("type", "object");
        JsonObject properties = new JsonObject();
        JsonArray required = new JsonArray();
        for (RecordComponent component : type.getRecordComponents()) {
            properties.add(component.getName(), component(component));
            if (!component.isAnnotationPresent(Settings.Default.class)) {
                required.add(component.getName());
            }
        }
        schema.add("properties", properties);
        schema.add("required", required);
        schema.addProperty("additionalProperties", false);
        return schema;
    }

    private static JsonObject component(RecordComponent component) {
        JsonObject schema = type(component.getGenericType(), component.getName());
        Settings.Range range = component.getAnnotation(Settings.Range.class);
        if (range != null) {
            JsonObject numbers = schema.has("items") ? schema.getAsJsonObject("items") : schema;
            bound(numbers, "minimum", range.min());
            bound(numbers, "maximum", range.max());
        }
        Settings.Default standard = component.getAnnotation(Settings.Default.class);
        JsonElement value = standard == null ? null : JsonParser.parseString(standard.value());
        if (value != null && value.isJsonNull()) {
            JsonArray either = new JsonArray();
            either.add(schema);
            either.add(simple("null"));
            schema = new JsonObject();
            schema.add("anyOf", either);
        } else if (value != null) {
            schema.add("default", value);
        }
        Settings.Help help = component.getAnnotation(Settings.Help.class);
        if (help != null) {
            schema.addProperty("description", help.value());
        }
        return schema;
    }

    private static void bound(JsonObject schema, String name, double value) {
        if (Double.isFinite(value)) {
            boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
            schema.add(name, whole ? new JsonPrimitive((long) value) : new JsonPrimitive(value));
        }
    }

    private static JsonObject type(Type type, String field) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            boolean list = generic.getRawType() == java.util.List.class;
            JsonObject schema = simple(list ? "array" : "object");
            schema.add(list ? "items" : "additionalProperties", type(arguments[arguments.length - 1], field));
            return schema;
        }
        Class<?> raw = (Class<?>) type;
        if (raw == SeatRef.class) {
            JsonObject reference = new JsonObject();
            reference.addProperty("$ref", "#/$defs/" + KINDS.get(field));
            return reference;
        }
        if (raw.isEnum()) {
            JsonArray names = new JsonArray();
            Binder.names(raw).forEach(names::add);
            JsonObject schema = new JsonObject();
            schema.add("enum", names);
            return schema;
        }
        if (raw.isRecord()) {
            return record(raw);
        }
        if (raw == String.class || raw == boolean.class) {
            return simple(raw == String.class ? "string" : "boolean");
        }
        return simple(raw == double.class || raw == Double.class ? "number" : "integer");
    }

    private static JsonObject simple(String type) {
        JsonObject schema = new JsonObject();
        schema.addProperty("type", type);
        return schema;
    }
}
