package org.kolotoc.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Needs;
import org.kolotoc.api.Phase;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Training;
import org.kolotoc.engine.state.Checkpoints;
import org.kolotoc.engine.state.Hash;
import org.kolotoc.engine.state.MetricsSeal;
import org.kolotoc.engine.state.Snapshot;

/** What is said of a model that a phase needs and is not given, of one that is none for it, and of weights that are no numbers. */
final class NeededModelTest {
    private static final String LANGUAGE = "i32 tokens[batch,time] -> f32 logits[batch,time,vocab]";
    private static final String SCALAR = "i32 tokens[batch,time] -> f32 reward[batch,time]";

    /** Needs other models by its settings, and gets no further. */
    static final class Picky implements Phase<Picky.Plan> {
        public enum Reader {
            DECODER,
            BOTH_WAYS
        }

        public record Plan(@Default("\"decoder\"") Reader reader) {}

        @Override
        public Class<Plan> settings() {
            return Plan.class;
        }

        @Override
        public Needs needs(Plan plan) {
            return Needs.none()
                    .model(
                            "model",
                            plan.reader() == Reader.DECODER
                                    ? LANGUAGE
                                    : "i32 source[batch,from]; i32 target[batch,time] -> f32 logits[batch,time,vocab]")
                    .taught("reward", SCALAR);
        }

        @Override
        public List<Measure> measures(Plan plan) {
            return List.of();
        }

        @Override
        public Training prepare(Plan plan, PhaseContext context) {
            throw InputError.of("as far as that", "");
        }
    }

    @TempDir
    Path folder;

    private Console console;

    @BeforeEach
    void sitDown() throws IOException {
        console = new Console(folder);
        console.framework().seat(Seat.PHASE, "picky", new Picky());
    }

    /** @param models further models, each with a comma before it */
    private String refused(String models, String phase) throws IOException {
        console.write("""
            {"schema": "kolotoc.experiment/1", "data": {"id": "template-world", "characters": 2000},
             "tokenizer": {"id": "char"},
             "models": {"policy": {"id": "gpt", "layers": 1, "heads": 2, "width": 8, "context": 8}%s},
             "phases": [{"id": "pretrain", "models": "policy", "steps": 1, "batch": 2}, %s]}
            """.formatted(models, phase));
        Console.Answer run = console.small("run");
        assertEquals(2, run.code(), run.out() + run.err());
        return run.err();
    }

    @Test
    void aModelThatNobodyHasIsAskedForWithThePhaseThatTrainsIt() throws IOException {
        String said = refused("", "{\"id\": \"picky\", \"models\": {\"model\": \"policy\"}, \"steps\": 1}");
        assertTrue(said.contains("$.phases[1].models: the phase 'picky'"), said);
        assertTrue(
                said.contains("needs model 'reward' (" + SCALAR + "), and no model of the experiment offers that"),
                said);
        assertTrue(
                said.contains("a phase before that trains it: {\"id\": \"reward\", \"models\": {\"model\": \"reward\"},"
                        + " ...}"),
                said);
        assertFalse(said.contains("one of policy"), said);
    }

    @Test
    void whoCanServeIsNamedAndNobodyElse() throws IOException {
        String said = refused(
                ", \"judge\": {\"id\": \"gpt\", \"layers\": 1, \"heads\": 2, \"width\": 8, \"head\": \"scalar\"}",
                "{\"id\": \"picky\", \"models\": {\"model\": \"policy\"}, \"steps\": 1}");
        assertTrue(said.contains("does not say which that is; expected {\"reward\": one of judge}"), said);
    }

    @Test
    void theSettingThatTakesAModelIsNamed() throws IOException {
        String reward =
                ", \"reward\": {\"id\": \"gpt\", \"layers\": 1, \"heads\": 2, \"width\": 8, \"context\": 8, \"head\":"
                        + " \"scalar\"}";
        String said = refused(
                reward,
                "{\"id\": \"picky\", \"reader\": \"both-ways\", \"models\": {\"model\": \"policy\", \"reward\":"
                        + " \"reward\"}, \"steps\": 1, \"start\": {\"reward\": \"reward@pretrain\"}}");
        assertTrue(said.contains("$.phases[1].models.model: the model 'policy' is none for the phase 'picky'"), said);
        assertTrue(said.contains("with \"reader\": \"decoder\" in $.phases[1] it is one"), said);
        String swapped = refused(
                reward,
                "{\"id\": \"picky\", \"models\": {\"model\": \"policy\", \"reward\": \"policy\"}, \"steps\": 1}");
        assertTrue(swapped.contains("$.phases[1].models.reward: the model 'policy' is none for"), swapped);
        assertTrue(swapped.contains("offered by: reward"), swapped);
        assertFalse(swapped.contains("it is one"), swapped);
    }

    @Test
    void weightsThatAreNoFiniteNumbersAreNoBeginning() throws IOException {
        assertEquals(0, console.small("first", "--set", "phases.0.steps=1").code());
        Checkpoints checkpoints = new Checkpoints(console.out("first"));
        Snapshot before = checkpoints.read(Optional.empty()).snapshot();
        TreeMap<String, Snapshot.Entry> tensors = new TreeMap<>(before.tensors());
        spoil(tensors, "model/token.weight", 9);
        spoil(tensors, "model/norm.bias", 7);
        checkpoints.write(
                2,
                new Snapshot(tensors, before.counters()),
                new MetricsSeal(0, 0, Hash.of(new byte[0])),
                new JsonObject());
        Console.Answer run = console.small(
                "second",
                "--set",
                "phases.0.steps=1",
                "--set",
                "start={\"model\": {\"run\": \"" + console.out("first") + "\"}}");
        assertEquals(2, run.code(), run.out() + run.err());
        for (String said : List.of(
                "$.start.model: 'model' of ",
                "has weights that are no finite numbers",
                "'token.weight' is first NaN at [1, 1]",
                "'norm.bias' is first NaN at [7]",
                "begin with an earlier checkpoint: \"step\": 1")) {
            assertTrue(run.err().contains(said), run.err());
        }
        assertEquals(
                0,
                console.small(
                                "third",
                                "--set",
                                "phases.0.steps=1",
                                "--set",
                                "start={\"model\": {\"run\": \"" + console.out("first") + "\", \"step\": 1}}")
                        .code());
    }

    private static void spoil(TreeMap<String, Snapshot.Entry> tensors, String name, int index) throws IOException {
        Snapshot.Entry entry = tensors.get(name);
        float[] values = entry.floats();
        values[index] = Float.NaN;
        tensors.put(name, new Snapshot.Made(entry.shape(), () -> values));
    }
}
