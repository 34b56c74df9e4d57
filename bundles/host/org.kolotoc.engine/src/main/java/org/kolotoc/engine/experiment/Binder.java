package org.kolotoc.engine.experiment;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Settings;

/**
 * Fills settings records from JSON. A field nobody knows, a value of another type or out of its range is a fault with its
 * path, what was found, what was expected and the nearest known name.
 */
public final class Binder {
    private static final Object FAULT = new Object();

    private static final Set<Class<?>> NUMBERS =
            Set.of(int.class, Integer.class, long.class, Long.class, double.class, Double.class);

    /** Characters of a value in a message. */
    private static final int SHOWN = 60;

    private final Problems problems;
    private final Filling filling;

    /** Fields beside those of the record, which its object may have had. */
    private final List<String> beside;

    /** Fills records in which no plugin is named. */
    public Binder(Problems problems) {
        this(
                problems,
                (kind, _, _) -> {
                    throw new IllegalStateException("a record of the engine's own names a plugin of " + kind.getName());
                },
                List.of());
    }

    /**
     * Fills settings records.
     *
     * @param beside fields that others read of the same object, for hints
     */
    public Binder(Problems problems, Filling filling, List<String> beside) {
        this.problems = problems;
        this.filling = filling;
        this.beside = List.copyOf(beside);
    }

    /** Lets plugins make what settings hold. */
    @FunctionalInterface
    public interface Filling {
        /**
         * What the plugin that {@code ref} names makes of its fields.
         *
         * @param kind interface of the seat
         * @param made type of what the settings hold
         * @return nothing where there was a fault, which is noted
         */
        Optional<Object> fill(Class<?> kind, Class<?> made, SeatRef ref);
    }

    /** What a component says of its value, and of each of the values of its list or map. */
    private record Marks(Settings.Range range, Settings.Filled filled) {}

    /** The record of an object, or null if there was a fault (which is noted). */
    public <R extends Record> R bind(Class<R> type, JsonObject object, String path) {
        RecordComponent[] components = type.getRecordComponents();
        List<String> known =
                Arrays.stream(components).map(RecordComponent::getName).toList();
        List<String> all = Stream.concat(known.stream(), beside.stream()).toList();
        boolean sound = true;
        boolean takesRest = Arrays.stream(components).anyMatch(Binder::isRest);
        for (String field : object.keySet()) {
            if (!takesRest && !known.contains(field)) {
                problems.addUnknown(path, field, all);
                sound = false;
            }
        }
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = isRest(components[i])
                    ? rest(components[i].getAnnotation(Rest.class), known, object, path)
                    : component(components[i], object, path);
            sound &= values[i] != FAULT;
        }
        return sound ? construct(type, values, path) : null;
    }

    static boolean isRest(RecordComponent component) {
        return component.isAnnotationPresent(Rest.class);
    }

    /** The seat that a record is about: all fields but those of the record. */
    private Object rest(Rest rest, List<String> fields, JsonObject object, String path) {
        JsonObject left = object.deepCopy();
        fields.forEach(left::remove);
        if (!left.has("id") && !rest.id().isEmpty()) {
            left.addProperty("id", rest.id());
        }
        return seat(left, path);
    }

    private <R extends Record> R construct(Class<R> type, Object[] values, String path) {
        try {
            Class<?>[] types = Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new);
            var constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            String field =
                    e.getCause() instanceof InputError error && !error.field().isEmpty() ? "." + error.field() : "";
            problems.add(path + field, String.valueOf(e.getCause().getMessage()));
            return null;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("record " + type.getName() + " can't be made; is it public?", e);
        }
    }

    private Object component(RecordComponent component, JsonObject object, String path) {
        String at = path + "." + component.getName();
        JsonElement value = object.get(component.getName());
        Settings.Default standard = component.getAnnotation(Settings.Default.class);
        if (value == null) {
            if (standard == null) {
                misspelt(component, object)
                        .ifPresent(other -> problems.add(
                                path + "." + other,
                                "there is no such field" + Nearest.hint(other, List.of(component.getName()))));
                problems.add(at, "is missing; expected " + expected(component.getGenericType()));
                return FAULT;
            }
            value = JsonParser.parseString(standard.value());
        }
        if (value.isJsonNull() && standard != null && standard.value().equals("null")) {
            return null;
        }
        Marks marks = new Marks(
                component.getAnnotation(Settings.Range.class), component.getAnnotation(Settings.Filled.class));
        OrOne alone = component.getAnnotation(OrOne.class);
        if (alone != null && (value.isJsonNull() || isAlone(component, value))) {
            return value.isJsonNull() && standard != null
                    ? convert(component.getGenericType(), JsonParser.parseString(standard.value()), at, marks)
                    : alone(alone.value(), (ParameterizedType) component.getGenericType(), value, at, marks);
        }
        return convert(component.getGenericType(), value, at, marks);
    }

    /** A field that was taken for a plugin's, and is probably this one. */
    private static Optional<String> misspelt(RecordComponent component, JsonObject object) {
        RecordComponent[] all = component.getDeclaringRecord().getRecordComponents();
        List<String> known = Arrays.stream(all).map(RecordComponent::getName).toList();
        return Arrays.stream(all).noneMatch(Binder::isRest)
                ? Optional.empty()
                : object.keySet().stream()
                        .filter(field -> !known.contains(field)
                                && !Nearest.hint(field, List.of(component.getName()))
                                        .isEmpty())
                        .findFirst();
    }

    /** Whether one element stands in the place of several. */
    private static boolean isAlone(RecordComponent component, JsonElement value) {
        return component.getType() == List.class
                ? value.isJsonObject()
                : value.isJsonPrimitive()
                        || value instanceof JsonObject object && object.get("id") instanceof JsonPrimitive;
    }

    private Object alone(String name, ParameterizedType type, JsonElement value, String path, Marks marks) {
        Type[] arguments = type.getActualTypeArguments();
        Object element = convert(arguments[arguments.length - 1], value, path, marks);
        if (element == FAULT) {
            return FAULT;
        }
        return type.getRawType() == List.class ? List.of(element) : Map.of(name, element);
    }

    private Object convert(Type type, JsonElement value, String path, Marks marks) {
        if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
            return list(generic.getActualTypeArguments()[0], value, path, marks);
        }
        if (type instanceof ParameterizedType generic && generic.getRawType() == Map.class) {
            return map(generic.getActualTypeArguments()[1], value, path, marks);
        }
        if (type == SeatRef.class) {
            return seat(value, path);
        }
        if (type == Moment.class) {
            return Moment.read(value).<Object>map(moment -> moment).orElseGet(() -> wrong(type, value, path));
        }
        if (marks.filled() != null) {
            return filled(marks.filled().value(), raw(type), value, path);
        }
        Class<?> raw = raw(type);
        if (raw.isRecord()) {
            return value.isJsonObject()
                    ? fault(bind(raw.asSubclass(Record.class), value.getAsJsonObject(), path))
                    : wrong(type, value, path);
        }
        if (!value.isJsonPrimitive()) {
            return wrong(type, value, path);
        }
        return scalar(raw, value.getAsJsonPrimitive(), path, marks.range());
    }

    private static Class<?> raw(Type type) {
        return (Class<?>) (type instanceof ParameterizedType generic ? generic.getRawType() : type);
    }

    private Object filled(Class<?> kind, Class<?> made, JsonElement value, String path) {
        return seat(value, path) instanceof SeatRef ref
                ? filling.fill(kind, made, ref).orElse(FAULT)
                : FAULT;
    }

    private static Object fault(Object value) {
        return value == null ? FAULT : value;
    }

    private Object scalar(Class<?> type, JsonPrimitive value, String path, Settings.Range range) {
        if (type == String.class && value.isString()) {
            return value.getAsString();
        }
        if (type == boolean.class && value.isBoolean()) {
            return value.getAsBoolean();
        }
        if (type.isEnum() && value.isString()) {
            return constant(type, value.getAsString(), path);
        }
        if (!value.isNumber() || !NUMBERS.contains(type)) {
            return wrong(type, value, path);
        }
        Number number = number(type, value);
        boolean fits = number != null
                && (range == null || number.doubleValue() >= range.min() && number.doubleValue() <= range.max());
        if (!fits) {
            String limit = range != null
                    ? ", " + bounds(range)
                    : type == int.class || type == Integer.class ? " of 32 bits" : " of 64 bits";
            problems.add(path, "is " + brief(value) + "; expected " + expected(type) + limit);
        }
        return fits ? number : FAULT;
    }

    /** The number as a type has it; null when it has a fraction, more digits or a larger exponent than the type takes. */
    private static Number number(Class<?> type, JsonPrimitive value) {
        try {
            BigDecimal number = value.getAsBigDecimal();
            if (type == int.class || type == Integer.class) {
                return number.intValueExact();
            }
            if (type == long.class || type == Long.class) {
                return number.longValueExact();
            }
            return Double.isFinite(number.doubleValue()) ? number.doubleValue() : null;
        } catch (ArithmeticException | NumberFormatException _) {
            return null;
        }
    }

    private Object constant(Class<?> type, String text, String path) {
        List<String> names = names(type);
        int index = names.indexOf(text);
        if (index < 0) {
            problems.add(
                    path,
                    "is \"" + Printable.cut(text, SHOWN) + "\"; expected one of " + String.join(", ", names)
                            + Nearest.hint(text, names));
            return FAULT;
        }
        return type.getEnumConstants()[index];
    }

    static List<String> names(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> SettingsJson.name((Enum<?>) constant))
                .toList();
    }

    private Object seat(JsonElement value, String path) {
        if (!value.isJsonObject()
                || !(value.getAsJsonObject().get("id") instanceof JsonPrimitive id)
                || !id.isString()) {
            problems.add(path, "is " + brief(value) + "; expected " + expected(SeatRef.class));
            return FAULT;
        }
        JsonObject settings = value.getAsJsonObject().deepCopy();
        settings.remove("id");
        JsonElement said = settings.remove(Versions.FIELD);
        Optional<Versions> versions = Versions.read(said);
        if (versions.isEmpty()) {
            problems.add(path + "." + Versions.FIELD, "is " + brief(said) + "; expected " + Versions.EXPECTED);
            return FAULT;
        }
        return new SeatRef(id.getAsString(), versions.get(), settings, path);
    }

    private Object list(Type element, JsonElement value, String path, Marks marks) {
        if (!value.isJsonArray()) {
            problems.add(path, "is " + brief(value) + "; expected a list of " + expected(element));
            return FAULT;
        }
        JsonArray array = value.getAsJsonArray();
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            list.add(convert(element, array.get(i), path + "[" + i + "]", marks));
        }
        return list.contains(FAULT) ? FAULT : List.copyOf(list);
    }

    private Object map(Type element, JsonElement value, String path, Marks marks) {
        if (!value.isJsonObject()) {
            problems.add(path, "is " + brief(value) + "; expected an object");
            return FAULT;
        }
        Map<String, Object> map = new LinkedHashMap<>();
        value.getAsJsonObject()
                .entrySet()
                .forEach(entry -> map.put(
                        entry.getKey(), convert(element, entry.getValue(), path + "." + entry.getKey(), marks)));
        return map.containsValue(FAULT) ? FAULT : map;
    }

    private Object wrong(Type type, JsonElement value, String path) {
        problems.add(path, "is " + brief(value) + "; expected " + expected(type));
        return FAULT;
    }

    private static String brief(JsonElement value) {
        return Printable.cut(value.toString(), SHOWN);
    }

    static String bounds(Settings.Range range) {
        boolean low = range.min() > Double.NEGATIVE_INFINITY;
        boolean high = range.max() < Double.POSITIVE_INFINITY;
        String from = number(range.min());
        String to = number(range.max());
        return low && high ? from + " to " + to : low ? "at least " + from : "at most " + to;
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private static String expected(Type type) {
        Class<?> raw = raw(type);
        if (raw == List.class) {
            return "a list of " + expected(((ParameterizedType) type).getActualTypeArguments()[0]);
        }
        if (raw == int.class || raw == long.class || raw == Integer.class || raw == Long.class) {
            return "a whole number";
        }
        if (raw == double.class || raw == Double.class) {
            return "a number";
        }
        if (raw == boolean.class) {
            return "true or false";
        }
        if (raw == String.class) {
            return "a text in quotes";
        }
        if (raw == Moment.class) {
            return Moment.EXPECTED;
        }
        return raw.isEnum()
                ? "one of " + String.join(", ", names(raw))
                : raw.isRecord() && raw != SeatRef.class || raw == Map.class
                        ? "an object"
                        : "an object with an \"id\" that names a plugin";
    }
}
