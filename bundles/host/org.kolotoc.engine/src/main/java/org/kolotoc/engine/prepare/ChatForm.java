package org.kolotoc.engine.prepare;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.DataSource;
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
 * @param template as the settings have it; empty where they say nothing
 * @param cut which end of a long question goes; nothing where they don't say
 */
record ChatForm(String data, JsonElement template, Optional<JsonElement> cut) {
    /** That of the first data that has one; nothing where the run learned from no questions. */
    static Optional<ChatForm> of(Experiment experiment, Seats seats) {
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
                                        : new JsonObject(),
                                cut(known.settings(), ref.settings()))));
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

    /** The model that a phase trains on the data; that of the first phase where none does. */
    static Optional<String> model(Experiment experiment, Optional<ChatForm> form) {
        return experiment.phases().stream()
                .filter(phase ->
                        form.isEmpty() || phase.data().containsValue(form.get().data()))
                .findFirst()
                .or(() -> experiment.phases().stream().findFirst())
                .flatMap(ChatForm::model);
    }

    private static Optional<String> model(PhasePlan phase) {
        return phase.models().values().stream()
                .map(ModelRef::of)
                .filter(ref -> !ref.frozen())
                .map(ModelRef::model)
                .findFirst();
    }
}
