package org.kolotoc.engine.prepare;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.kolotoc.api.InputError;
import org.kolotoc.api.chat.Answering;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.experiment.ModelRef;
import org.kolotoc.engine.experiment.Timeline;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.state.Checkpoints;

/** A model of a run as a checkpoint has it, to be talked to. */
public final class Talk implements AutoCloseable {
    private static final String SAMPLES = "samples";
    private static final String TEMPLATE = "template";
    private static final String CUT = "cut";
    private static final String MODEL = "model";

    private final Restored restored;
    private final Drawing.Open<Answering> open;
    private final boolean asks;

    private Talk(Restored restored, Drawing.Open<Answering> open, boolean asks) {
        this.restored = restored;
        this.open = open;
        this.asks = asks;
    }

    /**
     * The end of a phase.
     *
     * @param id of its plugin
     * @param step of the run
     * @param kept whether the checkpoint of it is there
     */
    public record End(String phase, String id, long step, boolean kept) {}

    /**
     * Opens a conversation. Questions and answers are written as the run's data writes them, unless its experiment has a
     * sampler of this kind, which says how.
     *
     * @param sampler id of a sampler that answers
     * @param changes made to the experiment, whose {@code samples} are this sampler alone
     * @throws InputError when the folder is no run's, or its model can't be talked to
     */
    public static Talk of(
            Workshop workshop,
            Path run,
            Options options,
            String sampler,
            Consumer<ExperimentFile> changes,
            Client client) {
        boolean[] asks = new boolean[1];
        Restored restored = Restored.talking(
                workshop,
                run,
                options,
                file -> {
                    asks[0] = prepare(file, workshop, sampler);
                    changes.accept(file);
                },
                client);
        try {
            return new Talk(restored, restored.open(Answering.class), asks[0]);
        } catch (RuntimeException | Error e) {
            Closing.after(e, List.of(restored::close));
            throw e;
        }
    }

    /** Leaves of the samples those that are talked to; whether the model knows questions. */
    private static boolean prepare(ExperimentFile file, Workshop workshop, String sampler) {
        Optional<JsonObject> own = own(file.json().get(SAMPLES), sampler);
        file.remove(SAMPLES);
        Experiment experiment = file.untrained();
        ChatForm.Speaker speaker = ChatForm.speaker(experiment, workshop.seats());
        Optional<ChatForm> form = speaker.form();
        JsonObject samples = own.orElseGet(() -> {
            JsonObject made = new JsonObject();
            made.addProperty("id", sampler);
            return made;
        });
        boolean asks = samples.has(TEMPLATE) || form.isPresent();
        if (!samples.has(TEMPLATE)) {
            samples.add(TEMPLATE, form.map(ChatForm::template).orElseGet(Talk::noMarks));
        }
        if (!samples.has(CUT)) {
            form.flatMap(ChatForm::cut).ifPresent(cut -> samples.add(CUT, cut));
        }
        if (!samples.has(MODEL) && experiment.allModels().size() > 1) {
            speaker.model().ifPresent(model -> samples.addProperty(MODEL, model));
        } else if (samples.has(MODEL)) {
            samples.add(MODEL, trainedOn(samples.get(MODEL)));
        }
        file.set(SAMPLES, samples);
        return asks;
    }

    private static Optional<JsonObject> own(JsonElement samples, String sampler) {
        JsonArray all = samples instanceof JsonArray list ? list : new JsonArray();
        if (samples instanceof JsonObject alone) {
            all.add(alone);
        }
        return all.asList().stream()
                .filter(JsonObject.class::isInstance)
                .map(JsonElement::getAsJsonObject)
                .filter(one ->
                        isText(one.get("id")) && one.get("id").getAsString().equals(sampler))
                .map(JsonObject::deepCopy)
                .findFirst();
    }

    /** Whichever weights a model has is what the conversation chooses: {@code policy@finetune} is the policy. */
    private static JsonElement trainedOn(JsonElement model) {
        if (model instanceof JsonObject byName) {
            JsonObject models = new JsonObject();
            byName.asMap().forEach((formal, ref) -> models.add(formal, trainedOn(ref)));
            return models;
        }
        return isText(model)
                ? new JsonPrimitive(ModelRef.of(model.getAsString()).model())
                : model;
    }

    private static boolean isText(JsonElement element) {
        return element instanceof JsonPrimitive primitive && primitive.isString();
    }

    private static JsonObject noMarks() {
        JsonObject template = new JsonObject();
        List.of("question", "answer", "stop").forEach(mark -> template.addProperty(mark, ""));
        return template;
    }

    /** Whether it was taught with questions and answers; else it goes on from what it is told. */
    public boolean asks() {
        return asks;
    }

    /** Which model it is, where the run has several; nothing where there is no choice. */
    public Optional<String> model() {
        return restored.experiment().allModels().size() < 2
                ? Optional.empty()
                : restored.experiment().samples().getFirst().model().values().stream()
                        .findFirst();
    }

    /** How far the run came, by the last checkpoint that it has. */
    public long last() {
        return new Checkpoints(restored.run()).steps().getLast();
    }

    /** See {@link Answering#starters}. */
    public List<String> starters() {
        return open.sampling().starters();
    }

    /** See {@link Answering#answer}. */
    public Answering.Answer answer(List<Exchange> before, String question, String stream, Consumer<String> told) {
        return open.sampling().answer(before, question, stream, told);
    }

    /** The step of the checkpoint whose weights it has. */
    public long step() {
        return restored.step();
    }

    /** The ends of the phases of a run, in order. */
    public List<End> ends() {
        Experiment experiment = restored.experiment();
        Timeline timeline = Timeline.of(experiment);
        List<Long> kept = new Checkpoints(restored.run()).steps();
        return IntStream.range(0, experiment.phases().size())
                .mapToObj(i -> new End(
                        experiment.phases().get(i).name(),
                        experiment.phases().get(i).seat().id(),
                        timeline.end(i),
                        kept.contains(timeline.end(i))))
                .toList();
    }

    @Override
    public void close() {
        Closing.all(List.of(open::close, restored::close));
    }
}
