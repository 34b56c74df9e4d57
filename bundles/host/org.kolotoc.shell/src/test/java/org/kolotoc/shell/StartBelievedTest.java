package org.kolotoc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Needs;
import org.kolotoc.api.Phase;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Settings;
import org.kolotoc.api.Training;

/** A model whose head is fresh has learned nothing that somebody could believe, whatever its trunk began with. */
final class StartBelievedTest {
    @TempDir
    Path temporary;

    /** Takes the word of a model, and gets no further. */
    private record Believing(String signature) implements Phase<Settings.None> {
        @Override
        public Class<Settings.None> settings() {
            return Settings.None.class;
        }

        @Override
        public Needs needs(Settings.None settings) {
            return Needs.none().taught("judge", signature);
        }

        @Override
        public List<Measure> measures(Settings.None settings) {
            return List.of();
        }

        @Override
        public Training prepare(Settings.None settings, PhaseContext context) {
            throw InputError.of("as far as that", "");
        }
    }

    private final FakeHost host = FakeHost.standard()
            .plug(
                    Phase.class,
                    Seat.PHASE,
                    "believing-rewards",
                    new Believing("i32 tokens[batch,time] -> f32 reward[batch,time]"))
            .plug(
                    Phase.class,
                    Seat.PHASE,
                    "believing-words",
                    new Believing("i32 tokens[batch,time] -> f32 logits[batch,time,vocab]"));

    private Printed run(String name, String model, String start, String phases) throws Exception {
        Path file = Files.writeString(temporary.resolve(name + ".json"), """
            {"schema": "kolotoc.experiment/1", "backend": "reference",
             "data": {"id": "template-world", "characters": 2000}, "tokenizer": {"id": "byte"},
             "model": {"id": "gpt", "layers": 1, "heads": 1, "width": 4, "context": 16%s}, %s
             "phases": [%s], "samples": [], "metrics": [], "criteria": []}
            """.formatted(model, start, phases));
        return Printed.by(
                new RunCommand(host.engine(), host.terminal(), () -> false),
                file.toString(),
                "--quiet",
                "--out",
                temporary.resolve(name).toString());
    }

    private Printed begun(String name, String model, String phase) throws Exception {
        return run(
                name,
                model,
                "\"start\": {\"model\": {\"run\": \"words\"}},",
                "{\"id\": \"" + phase + "\", \"steps\": 1}");
    }

    @Test
    void nobodyTakesTheWordOfAFreshHead() throws Exception {
        assertEquals(
                0,
                run(
                                "words",
                                "",
                                "",
                                "{\"id\": \"pretrain\", \"steps\": 1, \"batch\": 2, \"warmup\": 1,"
                                        + " \"evaluationBatches\": 1}")
                        .code());
        Printed fresh = begun("fresh", ", \"head\": \"scalar\"", "believing-rewards");
        assertEquals(2, fresh.code(), fresh.err());
        assertTrue(fresh.err().contains("$.start.model: "), fresh.err());
        assertTrue(fresh.err().contains("are fresh, and the phase 'believing-rewards'"), fresh.err());
        assertFalse(fresh.err().contains("as far as that"), fresh.err());

        Printed whole = begun("whole", "", "believing-words");
        assertTrue(whole.err().contains("as far as that"), whole.err());
    }
}
