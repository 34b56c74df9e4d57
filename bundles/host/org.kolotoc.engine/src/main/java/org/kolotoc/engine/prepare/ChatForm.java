package org.kolotoc.engine.prepare;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Settings;
import org.kolotoc.api.chat.ChatTemplate;
import org.kolotoc.api.chat.ChatTokens;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.ModelRef;
import org.kolotoc.engine.experiment.PhasePlan;
import org.kolotoc.engine.experiment.SeatRef;
import org.kolotoc.engine.fill.Seats;

/**
 * How a run writes questions and answers, found in the settings of its data: a field that is a {@link ChatTemplate}, and one
 * that is a {@link ChatTokens.Cut}. The data itself is not opened.
 *
 * @param data its name in the experiment
 * @param template as the settings have it, or as the data has it where they say nothing
 * @param cut which end of a long question goes; nothing where they don't say
 */
record ChatForm(String data, JsonElement template, Optional<JsonElement> cut) {
    private static final String MODEL = "model";
    private static final Set<String> JUDGING = Set.of("reward", "critic");

    /**
     * Whoever of a run is talked to.
     *
     * @param form how; nothing where the run learned from no questions
     * @param model nothing where phases name none
     */
    record Speaker(Optional<ChatForm> form, Optional<String> model) {}

    /** That of the first data that has one. */
    private static Optional<ChatForm> of(Experiment experiment, Seats seats) {
        return experiment.data().entrySet().stream()
                .flatMap(data -> of(data, seats).stream())
                .findFirst();
    }

    private static Optional<ChatForm> of(Map.Entry<String, SeatRef> data, Seats seats) {
        SeatRef ref = data.getValue();
        return seats.described(DataSource.class, ref.id(), ref.versions())
                .flatMap(known -> field(known.settings(), ChatTemplate.class)
                        .map(field -> new ChatForm(
                                data.getKey(),
                                ref.settings().has(field.getName())
                                        ? ref.settings().get(field.getName())
                                        : otherwise(field),
                                cut(known.settings(), ref.settings()))));
    }

    /** What the data itself takes for a field that its settings leave out. */
    private static JsonElement otherwise(RecordComponent field) {
        Settings.Default otherwise = field.getAnnotation(Settings.Default.class);
        return otherwise == null ? new JsonObject() : JsonParser.parseString(otherwise.value());
    }

    /** Such a field of the settings, or of a record in them. */
    private static Optional<JsonElement> cut(Class<?> settings, JsonObject given) {
        Optional<JsonElement> own = field(settings, ChatTokens.Cut.class).map(field -> given.get(field.getName()));
        return own.isPresent()
                ? own
                : Arrays.stream(settings.getRecordComponents())
                        .filter(field -> field.getType().isRecord() && given.get(field.getName()) instanceof JsonObject)
                        .flatMap(field -> cut(field.getType(), given.getAsJsonObject(field.getName())).stream())
                        .findFirst();
    }

    private static Optional<RecordComponent> field(Class<?> settings, Class<?> type) {
        return Arrays.stream(settings.getRecordComponents())
                .filter(field -> field.getType() == type)
                .findFirst();
    }

    /**
     * Who talks and how: the model of the last phase that trains one on questions and answers, as that phase's data writes them;
     * where none does, the model of the first phase.
     */
    static Speaker speaker(Experiment experiment, Seats seats) {
        Set<String> judges = judges(experiment);
        for (PhasePlan phase : experiment.phases().reversed()) {
            Optional<ChatForm> form = phase.data().values().stream()
                    .filter(experiment.data()::containsKey)
                    .flatMap(name -> of(Map.entry(name, experiment.data().get(name)), seats).stream())
                    .findFirst();
            Optional<String> model = trained(phase).filter(name -> !judges.contains(name));
            if (form.isPresent() && model.isPresent()) {
                return new Speaker(form, model);
            }
        }
        return new Speaker(
                of(experiment, seats), experiment.phases().stream().findFirst().flatMap(ChatForm::trained));
    }

    /** Models that judge what others write: a phase makes them such, or takes their word. */
    private static Set<String> judges(Experiment experiment) {
        Set<String> judges = new HashSet<>();
        for (PhasePlan phase : experiment.phases()) {
            JUDGING.stream()
                    .filter(phase.models()::containsKey)
                    .forEach(formal ->
                            judges.add(ModelRef.of(phase.models().get(formal)).model()));
            if (JUDGING.contains(phase.seat().id())) {
                trained(phase).ifPresent(judges::add);
            }
        }
        return judges;
    }

    /** The model that a phase makes: what it calls so, else the first that does not stay as it is. */
    private static Optional<String> trained(PhasePlan phase) {
        return Stream.concat(Stream.ofNullable(phase.models().get(MODEL)), phase.models().values().stream())
                .map(ModelRef::of)
                .filter(ref -> !ref.frozen())
                .map(ModelRef::model)
                .findFirst();
    }
}
