package org.kolotoc.engine.experiment;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.kolotoc.api.Seat;
import org.kolotoc.api.SeatKind;
import org.kolotoc.api.Settings;

/**
 * The JSON Schema (2020-12) of an experiment, composed of the same records that {@link Binder} fills: those of this
 * package and those of the installed plugins. So an editor refuses what a run refuses.
 */
public final class Schema {
    private static final String DEFINITIONS = "#/$defs/";
    private static final Set<Type> CONTAINERS = Set.of(List.class, Map.class);
    private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

    /** Which kind of plugin a field that names one wants. */
    private static final Map<String, String> KINDS = Map.of(
            "data", Seat.DATA,
            "tokenizer", Seat.TOKENIZER,
            "model", Seat.MODEL,
            "models", Seat.MODEL,
            "phases", Seat.PHASE,
            "optimizer", Seat.OPTIMIZER,
            "adapter", Seat.ADAPTER,
            "samples", Seat.SAMPLER,
            "metrics", Seat.METRIC);

    /** What the experiment itself reads of a seat, by its kind. */
    private static final Map<String, Class<? extends Record>> PLANS = Map.of(
            Seat.TOKENIZER, TokenizerPlan.class,
            Seat.MODEL, ModelPlan.class,
            Seat.PHASE, PhasePlan.class,
            Seat.ADAPTER, AdapterPlan.class,
            Seat.SAMPLER, SamplePlan.class,
            Seat.METRIC, MetricPlan.class);

    private Schema() {}

    /**
     * The schema of experiments.
     *
     * @param seats settings record of each installed plugin, by kind, then by id
     */
    public static JsonObject experiment(Map<String, Map<String, Class<? extends Record>>> seats) {
        JsonObject schema = file(Experiment.class, Experiment.SCHEMA);
        JsonArray listOrFile = new JsonArray();
        listOrFile.add(schema.getAsJsonObject("properties").get("criteria"));
        listOrFile.add(simple("string"));
        JsonObject criteria = new JsonObject();
        criteria.add("anyOf", listOrFile);
        criteria.addProperty(
                "description", "bounds that decide the verdict, or the name of a file " + CriteriaFile.SCHEMA);
        schema.getAsJsonObject("properties").add("criteria", criteria);
        schema.add("$defs", definitions(schema, seats));
        return schema;
    }

    /** The schema of criteria in a file of their own. */
    public static JsonObject criteria() {
        return file(CriteriaFile.class, CriteriaFile.SCHEMA);
    }

    /**
     * The schema of a file in which plugins are named.
     *
     * @param name value of its field {@code schema}
     * @param more fields beside those of the record
     * @param seats settings record of each installed plugin, by kind, then by id
     */
    public static JsonObject file(
            Class<? extends Record> type,
            String name,
            Map<String, JsonObject> more,
            Map<String, Map<String, Class<? extends Record>>> seats) {
        JsonObject schema = file(type, name);
        more.forEach(schema.getAsJsonObject("properties")::add);
        schema.add("$defs", definitions(schema, seats));
        return schema;
    }

    private static JsonObject file(Class<? extends Record> type, String name) {
        JsonObject schema = new JsonObject();
        schema.addProperty("$schema", DIALECT);
        schema.addProperty("title", name);
        record(type).entrySet().forEach(entry -> schema.add(entry.getKey(), entry.getValue()));
        fix(schema, name);
        return schema;
    }

    /** Allows no other value of the field {@code schema}. */
    private static void fix(JsonObject schema, String value) {
        JsonObject fixed = new JsonObject();
        fixed.addProperty("const", value);
        schema.getAsJsonObject("properties").add("schema", fixed);
    }

    /** The kinds of seats that a schema refers to, and those that the settings of their plugins refer to. */
    private static JsonObject definitions(JsonObject schema, Map<String, Map<String, Class<? extends Record>>> seats) {
        Map<String, JsonObject> definitions = new TreeMap<>();
        Deque<JsonElement> open = new ArrayDeque<>(List.of(schema));
        while (!open.isEmpty()) {
            switch (open.pop()) {
                case JsonObject object -> {
                    if (object.get("$ref") instanceof JsonPrimitive reference) {
                        String kind = reference.getAsString().substring(DEFINITIONS.length());
                        definitions.computeIfAbsent(kind, _ -> {
                            JsonObject choices = seats(kind, seats.getOrDefault(kind, Map.of()));
                            open.push(choices);
                            return choices;
                        });
                    }
                    object.asMap().values().forEach(open::push);
                }
                case JsonArray array -> array.forEach(open::push);
                default -> {}
            }
        }
        JsonObject sorted = new JsonObject();
        definitions.forEach(sorted::add);
        return sorted;
    }

    /** An object with the id of one of the plugins and that plugin's fields. */
    private static JsonObject seats(String kind, Map<String, Class<? extends Record>> plugins) {
        JsonArray choices = new JsonArray();
        new TreeMap<>(plugins).forEach((id, settings) -> {
            JsonObject choice = record(settings);
            JsonObject name = new JsonObject();
            name.addProperty("const", id);
            choice.getAsJsonObject("properties").add("id", name);
            choice.getAsJsonObject("properties").add(Versions.FIELD, versions());
            if (!id.equals(unsaid(kind))) {
                choice.getAsJsonArray("required").add("id");
            }
            if (PLANS.containsKey(kind)) {
                JsonObject plan = record(PLANS.get(kind));
                plan.getAsJsonObject("properties").asMap().forEach(choice.getAsJsonObject("properties")::add);
                choice.getAsJsonArray("required").addAll(plan.getAsJsonArray("required"));
            }
            choices.add(choice);
        });
        JsonObject any = new JsonObject();
        any.add("oneOf", choices);
        return any;
    }

    private static JsonObject versions() {
        JsonObject versions = simple("string");
        versions.addProperty("pattern", Versions.PATTERN);
        versions.addProperty(
                "description",
                "versions of the plugin that will do: 1.2 for every 1.2.x, or [1.2,2); the highest there is"
                        + " if not given");
        return versions;
    }

    /** The id that is meant where none is given. */
    private static String unsaid(String kind) {
        return Stream.ofNullable(PLANS.get(kind))
                .flatMap(plan -> Arrays.stream(plan.getRecordComponents()))
                .filter(Binder::isRest)
                .map(component -> component.getAnnotation(Rest.class).id())
                .findFirst()
                .orElse("");
    }

    /** An object with the components of a settings record and no other field. */
    public static JsonObject record(Class<?> type) {
        JsonObject schema = new JsonObject();
        schema.addProperty("type", "object");
        JsonObject properties = new JsonObject();
        JsonArray required = new JsonArray();
        for (RecordComponent component : type.getRecordComponents()) {
            if (Binder.isRest(component)) {
                continue;
            }
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
        Settings.Filled filled = component.getAnnotation(Settings.Filled.class);
        String kind = filled == null
                ? KINDS.get(component.getName())
                : filled.value().getAnnotation(SeatKind.class).value();
        JsonObject schema = type(component.getGenericType(), filled != null, kind);
        if (component.isAnnotationPresent(OrOne.class)) {
            boolean list = component.getType() == List.class;
            schema = any(
                    schema,
                    schema.getAsJsonObject(list ? "items" : "additionalProperties")
                            .deepCopy());
        }
        Settings.Range range = component.getAnnotation(Settings.Range.class);
        if (range != null) {
            JsonObject numbers = Stream.of("items", "additionalProperties")
                    .map(schema::get)
                    .filter(JsonObject.class::isInstance)
                    .map(JsonObject.class::cast)
                    .findFirst()
                    .orElse(schema);
            bound(numbers, "minimum", range.min());
            bound(numbers, "maximum", range.max());
        }
        Settings.Default standard = component.getAnnotation(Settings.Default.class);
        JsonElement value = standard == null ? null : JsonParser.parseString(standard.value());
        if (value != null && value.isJsonNull()) {
            schema = any(schema, simple("null"));
        } else if (value != null) {
            schema.add("default", value);
        }
        Settings.Help help = component.getAnnotation(Settings.Help.class);
        if (help != null) {
            schema.addProperty("description", help.value());
        }
        return schema;
    }

    private static JsonObject any(JsonObject... choices) {
        JsonArray either = new JsonArray();
        Stream.of(choices).forEach(either::add);
        JsonObject schema = new JsonObject();
        schema.add("anyOf", either);
        return schema;
    }

    private static void bound(JsonObject schema, String name, double value) {
        if (Double.isFinite(value)) {
            boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
            schema.add(name, whole ? new JsonPrimitive((long) value) : new JsonPrimitive(value));
        }
    }

    /** @param kind of the seat, where the type has one in it */
    private static JsonObject type(Type type, boolean filled, String kind) {
        if (type instanceof ParameterizedType generic && CONTAINERS.contains(generic.getRawType())) {
            Type[] arguments = generic.getActualTypeArguments();
            boolean list = generic.getRawType() == List.class;
            JsonObject schema = simple(list ? "array" : "object");
            schema.add(list ? "items" : "additionalProperties", type(arguments[arguments.length - 1], filled, kind));
            return schema;
        }
        if (filled || type == SeatRef.class) {
            JsonObject reference = new JsonObject();
            reference.addProperty("$ref", DEFINITIONS + kind);
            return reference;
        }
        Class<?> raw = (Class<?>) type;
        if (raw == Moment.class) {
            JsonObject text = simple("string");
            text.addProperty("pattern", "^(end|[^:]+:(end|\\d{1,18}))$");
            JsonObject number = simple("integer");
            number.addProperty("minimum", 0);
            return any(number, text);
        }
        if (PLANS.containsValue(raw)) {
            JsonObject reference = new JsonObject();
            reference.addProperty("$ref", DEFINITIONS + kind);
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
