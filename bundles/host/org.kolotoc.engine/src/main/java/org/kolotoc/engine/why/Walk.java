package org.kolotoc.engine.why;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.kolotoc.api.AdapterFamily;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Metric;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.OptimizerFamily;
import org.kolotoc.api.Phase;
import org.kolotoc.api.Sampler;
import org.kolotoc.api.Settings;
import org.kolotoc.api.text.TokenizerFamily;
import org.kolotoc.engine.experiment.AdapterPlan;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.experiment.MetricPlan;
import org.kolotoc.engine.experiment.ModelPlan;
import org.kolotoc.engine.experiment.Names;
import org.kolotoc.engine.experiment.OrOne;
import org.kolotoc.engine.experiment.PhasePlan;
import org.kolotoc.engine.experiment.Rest;
import org.kolotoc.engine.experiment.SamplePlan;
import org.kolotoc.engine.experiment.SeatRef;
import org.kolotoc.engine.experiment.TokenizerPlan;
import org.kolotoc.engine.experiment.Versions;

/**
 * Goes through the JSON of an experiment beside the records that it is read into, and so comes by what nobody gave too. What
 * is not as it has to be is shown as it is: that is for whoever reads the experiment to refuse.
 */
final class Walk {
    /** Whom the rest of a record about a seat is for. */
    static final Map<Class<?>, Class<?>> SEATS = Map.of(
            TokenizerPlan.class, TokenizerFamily.class,
            ModelPlan.class, ModelFamily.class,
            PhasePlan.class, Phase.class,
            AdapterPlan.class, AdapterFamily.class,
            SamplePlan.class, Sampler.class,
            MetricPlan.class, Metric.class);

    /** Whom an object with an id is for, in a field of which the experiment itself reads no more. */
    static final Map<String, Class<?>> REFERENCES =
            Map.of("data", DataSource.class, "optimizer", OptimizerFamily.class);

    /** Plugins inside of each other; a default that names its own plugin would never end. */
    private static final int DEEPEST = 32;

    private final ExperimentFile file;
    private final Why.Plugins plugins;
    private final Origins origins;
    private final List<Why.Leaf> found = new ArrayList<>();
    private int depth;

    Walk(ExperimentFile file, Why.Plugins plugins) {
        this.file = file;
        this.plugins = plugins;
        this.origins = Origins.of(file);
    }

    /**
     * Whose records are read.
     *
     * @param name in words
     */
    private record Owner(String name, Setting.Kind kind) {
        static final Owner EXPERIMENT = new Owner("the experiment's own rules", Setting.Kind.ENGINE);

        Origins.Given standard(String what) {
            return new Origins.Given(kind, "default of " + name + what);
        }
    }

    /**
     * What a value is.
     *
     * @param type that it is read into
     * @param seat the kind of plugin that an object with an id names here
     * @param filled whether such objects are seats wherever they stand in the value
     * @param whose default it is; nothing where it was given
     */
    private record At(
            List<Why.Step> steps,
            Type type,
            Owner owner,
            Class<?> seat,
            boolean filled,
            Optional<Origins.Given> whose,
            String help) {
        At below(Why.Step step, Type other) {
            List<Why.Step> longer = new ArrayList<>(steps);
            longer.add(step);
            return new At(longer, other, owner, seat, filled, whose, help);
        }

        At below(String field, Type other) {
            return below(new Why.Step(field, false, ""), other);
        }

        At of(Type other) {
            return new At(steps, other, owner, seat, filled, whose, help);
        }

        /** The same for the fields of a plugin. */
        At in(Owner plugin) {
            return new At(steps, type, plugin, seat, false, whose, help);
        }

        At component(Settings.Filled mark, Optional<Origins.Given> by, Settings.Help said) {
            return new At(
                    steps,
                    type,
                    owner,
                    mark == null ? REFERENCES.get(steps.getLast().text()) : mark.value(),
                    mark != null,
                    by,
                    said == null ? "" : said.value());
        }

        String path() {
            return "$" + steps.stream().map(Why.Step::place).collect(Collectors.joining());
        }
    }

    List<Why.Leaf> settings() {
        At root = new At(List.of(), Experiment.class, Owner.EXPERIMENT, null, false, Optional.empty(), "");
        record(Experiment.class, file.json(), root);
        return found;
    }

    private void record(Class<?> type, JsonObject object, At at) {
        Set<String> left = new LinkedHashSet<>(object.keySet());
        Optional<RecordComponent> rest = Optional.empty();
        for (RecordComponent component : type.getRecordComponents()) {
            if (component.isAnnotationPresent(Rest.class)) {
                rest = Optional.of(component);
            } else {
                left.remove(component.getName());
                component(component, object, at);
            }
        }
        JsonObject others = new JsonObject();
        left.forEach(field -> others.add(field, object.get(field)));
        if (rest.isPresent()) {
            plugin(SEATS.get(type), others, rest.get().getAnnotation(Rest.class).id(), at);
        } else {
            fields(others, at, Object.class);
        }
    }

    private void component(RecordComponent component, JsonObject object, At at) {
        String name = component.getName();
        JsonElement given = object.get(name);
        Settings.Default standard = component.getAnnotation(Settings.Default.class);
        if (given == null && standard == null) {
            return;
        }
        Class<?> record = component.getDeclaringRecord();
        At below = at.below(name, component.getGenericType())
                .component(
                        component.getAnnotation(Settings.Filled.class),
                        given != null
                                ? at.whose()
                                : Optional.of(at.owner().standard(": " + record.getSimpleName() + "." + name)),
                        component.getAnnotation(Settings.Help.class));
        JsonElement value = given != null ? given : JsonParser.parseString(standard.value());
        if (given == null && name.equals("name") && at.owner() == Owner.EXPERIMENT) {
            named(record == Experiment.class, below);
        } else if (component.isAnnotationPresent(OrOne.class) && isAlone(component, value)) {
            value(value, below.of(inner(component.getGenericType())));
        } else {
            value(value, below);
        }
    }

    private static boolean isAlone(RecordComponent component, JsonElement value) {
        return component.getType() == List.class
                ? value.isJsonObject()
                : value.isJsonPrimitive()
                        || value instanceof JsonObject object && object.get("id") instanceof JsonPrimitive;
    }

    /** A name that nobody gave is made of something else. */
    private void named(boolean top, At at) {
        Why.Step element = top ? null : at.steps().get(at.steps().size() - 2);
        if (top || !element.name().isEmpty()) {
            String name = top ? ExperimentFile.nameOf(file.path()) : element.name();
            String by = top ? "the file's name, since it has no other" : "its id, since it has no other name";
            leaf(new JsonPrimitive(name), at.component(null, given(by), null));
        }
    }

    private static Optional<Origins.Given> given(String by) {
        return Optional.of(new Origins.Given(Setting.Kind.ENGINE, by));
    }

    /** @param standard id where the object has none */
    private void plugin(Class<?> kind, JsonObject object, String standard, At at) {
        String id = object.get("id") instanceof JsonPrimitive text ? text.getAsString() : standard;
        JsonElement said = object.remove("id");
        At own = at.below("id", String.class);
        leaf(
                new JsonPrimitive(id),
                said != null ? own : own.component(null, Optional.of(Owner.EXPERIMENT.standard("")), null));
        JsonElement version = object.remove(Versions.FIELD);
        if (version != null) {
            leaf(version, at.below(Versions.FIELD, String.class));
        }
        Versions versions = Versions.read(version).orElse(Versions.ANY);
        Optional<Why.Plugins.Plugin> plugin = depth < DEEPEST ? plugins.find(kind, id, versions) : Optional.empty();
        depth++;
        plugin.ifPresentOrElse(
                known -> record(known.settings(), object, at.in(new Owner(known.name(), Setting.Kind.PLUGIN))),
                () -> fields(object, at, Object.class));
        depth--;
    }

    private void fields(JsonObject object, At at, Type type) {
        object.keySet().forEach(field -> value(object.get(field), at.below(field, type)));
    }

    private void value(JsonElement value, At at) {
        Class<?> raw = raw(at.type());
        switch (value) {
            case JsonObject object
            when raw == SeatRef.class || at.filled() && object.has("id") ->
                plugin(at.seat(), object.deepCopy(), "", at);
            case JsonObject object when raw.isRecord() -> record(raw, object, at);
            case JsonObject object when !object.isEmpty() -> fields(object, at, inner(at.type()));
            case JsonArray array
            when array.asList().stream().anyMatch(JsonElement::isJsonObject) -> {
                List<String> names = Names.in(array, at.path());
                for (int i = 0; i < array.size(); i++) {
                    Why.Step step = new Why.Step(Integer.toString(i), true, names.get(i));
                    value(array.get(i), at.below(step, inner(at.type())));
                }
            }
            default -> leaf(value, at);
        }
    }

    private static Class<?> raw(Type type) {
        return type instanceof ParameterizedType generic
                ? (Class<?>) generic.getRawType()
                : type instanceof Class<?> plain ? plain : Object.class;
    }

    /** Type of the elements of a list or a map. */
    private static Type inner(Type type) {
        return type instanceof ParameterizedType generic
                ? generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1]
                : Object.class;
    }

    private void leaf(JsonElement value, At at) {
        Origins.Given by = at.whose().orElseGet(() -> origins.given(at.path()));
        found.add(new Why.Leaf(at.steps(), value.toString(), by.kind(), by.by(), at.help()));
    }
}
