package org.kolotoc.engine.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.kolotoc.api.Command;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Settings;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.fill.CommandSeat;
import org.kolotoc.engine.fill.Seats;
import org.kolotoc.engine.json.StrictJson;

/**
 * The command line that a settings record describes, as JSON: whoever binds the record says what is wrong with a value, for
 * a line as for a file.
 *
 * @param type the record
 */
public record SettingsSyntax(String name, Class<? extends Record> type) {
    private static final Set<Type> WHOLE = Set.of(int.class, Integer.class, long.class, Long.class);
    private static final Set<Type> FRACTION = Set.of(double.class, Double.class);

    /** @param summary for {@code --help} */
    public Syntax syntax(String summary) {
        List<String> usage = new ArrayList<>();
        boolean optional = false;
        for (RecordComponent component : type.getRecordComponents()) {
            boolean required = !component.isAnnotationPresent(Settings.Default.class);
            if (isArguments(component)) {
                String label = argument(component) + (isList(component) ? "..." : "");
                usage.add(required ? label : "[" + label + "]");
            } else if (required) {
                usage.add(option(component.getName()) + " " + label(component));
            } else {
                optional = true;
            }
        }
        Syntax syntax = Syntax.of(name, String.join(" ", usage) + (optional ? " [options]" : ""));
        for (RecordComponent component : type.getRecordComponents()) {
            if (isFlag(component)) {
                syntax.flag(option(component.getName()), help(component));
            } else if (isList(component) && !isArguments(component)) {
                syntax.repeated(option(component.getName()), label(component), help(component));
            } else if (!isArguments(component)) {
                syntax.option(option(component.getName()), label(component), help(component));
            }
        }
        return syntax.notes(summary);
    }

    /**
     * The command with what stands in a line.
     *
     * @throws InputError with everything that is wrong
     */
    public CommandSeat seat(Line line, Seats seats) {
        return CommandSeat.of(name, json(line), seats, problems());
    }

    /** What stands in a line, for the record to be bound to. */
    private JsonObject json(Line line) {
        JsonObject json = new JsonObject();
        for (RecordComponent component : type.getRecordComponents()) {
            value(component, line).ifPresent(value -> json.add(component.getName(), value));
        }
        if (Arrays.stream(type.getRecordComponents()).noneMatch(SettingsSyntax::isArguments)) {
            line.none();
        }
        return json;
    }

    /** Takes what is wrong with the values of a line. */
    private Problems problems() {
        return new Problems("the line", "./kolotoc " + name + " --help shows what it takes", this::place);
    }

    /** {@code --min-length} for {@code $.minLength}. */
    private String place(String path) {
        String inside = path.replaceFirst("^\\$\\.?", "");
        String field = inside.replaceFirst("[.\\[].*", "");
        return Arrays.stream(type.getRecordComponents())
                .filter(component -> component.getName().equals(field))
                .map(component -> isArguments(component) ? argument(component) : option(field))
                .findFirst()
                .map(typed -> typed + inside.substring(field.length()))
                .orElse("./kolotoc " + name);
    }

    private Optional<JsonElement> value(RecordComponent component, Line line) {
        if (isFlag(component)) {
            return line.has(option(component.getName())) ? Optional.of(new JsonPrimitive(true)) : Optional.empty();
        }
        List<String> words = isArguments(component) ? line.files() : line.texts(option(component.getName()));
        if (words.isEmpty()) {
            return Optional.empty();
        }
        Settings.Filled filled = component.getAnnotation(Settings.Filled.class);
        if (isList(component)) {
            JsonArray list = new JsonArray();
            words.forEach(word -> list.add(json(element(component), filled != null, word)));
            return Optional.of(list);
        }
        if (isArguments(component) && words.size() > 1) {
            throw InputError.of(
                    "'" + words.get(1) + "' is one " + argument(component) + " too many",
                    "./kolotoc " + name + " --help shows what it takes");
        }
        return Optional.of(json(component.getGenericType(), filled != null, words.getLast()));
    }

    /** A word as JSON; as a text where it is none of its type, which the record is then not bound to. */
    private static JsonElement json(Type type, boolean filled, String word) {
        boolean text = !filled && (type == String.class || type instanceof Class<?> plain && plain.isEnum());
        if (text) {
            return new JsonPrimitive(word);
        }
        try {
            if (WHOLE.contains(type) || FRACTION.contains(type)) {
                return new JsonPrimitive(new BigDecimal(word));
            }
            if (filled && !word.startsWith("{")) {
                JsonObject plugin = new JsonObject();
                plugin.addProperty("id", word);
                return plugin;
            }
            return StrictJson.parse(word);
        } catch (NumberFormatException | JsonParseException _) {
            return new JsonPrimitive(word);
        }
    }

    private static String option(String component) {
        return "--" + component.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static String argument(RecordComponent component) {
        return "<" + option(component.getName()).substring(2) + ">";
    }

    private static String label(RecordComponent component) {
        Type type = isList(component) ? element(component) : component.getGenericType();
        if (component.isAnnotationPresent(Settings.Filled.class)) {
            return "<id>";
        }
        return type == String.class
                ? "<text>"
                : WHOLE.contains(type) || FRACTION.contains(type)
                        ? "<number>"
                        : type == boolean.class
                                ? "<true|false>"
                                : type instanceof Class<?> plain && plain.isEnum() ? "<name>" : "<json>";
    }

    private static String help(RecordComponent component) {
        Settings.Help help = component.getAnnotation(Settings.Help.class);
        Settings.Default standard = component.getAnnotation(Settings.Default.class);
        String value =
                standard == null || isFlag(component) ? "" : standard.value().replaceAll("^\"|\"$", "");
        boolean told = !value.isEmpty() && !Set.of("null", "[]", "{}").contains(value);
        return (help == null ? "" : help.value()) + (told ? (help == null ? "" : "; ") + value + " if not given" : "");
    }

    private static boolean isArguments(RecordComponent component) {
        return component.isAnnotationPresent(Command.Arguments.class);
    }

    private static boolean isList(RecordComponent component) {
        return component.getType() == List.class;
    }

    private static Type element(RecordComponent component) {
        return ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
    }

    private static boolean isFlag(RecordComponent component) {
        Settings.Default standard = component.getAnnotation(Settings.Default.class);
        return component.getType() == boolean.class
                && standard != null
                && standard.value().equals("false");
    }
}
