package org.kolotoc.engine.run;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Phase;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Training;
import org.kolotoc.data.TemplateWorldSource;
import org.kolotoc.data.TextSource;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.TestFramework;
import org.kolotoc.model.gpt.GptFamily;
import org.kolotoc.phase.pretrain.Pretrain;
import org.kolotoc.text.CharTokenizers;
import org.kolotoc.text.DistinctWords;
import org.kolotoc.text.GreedyDecoder;
import org.kolotoc.text.LongestCopy;
import org.kolotoc.text.SampleDecoder;
import org.kolotoc.text.WordRate;

/** A person at the command line: types {@code run} and sees what is printed and returned. */
final class Console {
    /** A run of 12 steps that takes a moment on the reference backend. */
    static final String SMALL = """
        {
          "schema": "kolotoc.experiment/1",
          "name": "small",
          "seed": 3,
          "data": {"id": "template-world", "characters": 2000},
          "tokenizer": {"id": "char"},
          "model": {"id": "gpt", "layers": 1, "heads": 2, "width": 8, "context": 8, "dropout": 0.1},
          "phases": [{"id": "pretrain", "steps": 12, "batch": 2, "warmup": 2, "learningRate": 0.01,
            "evaluationBatches": 2}],
          "checkpointEvery": 5,
          "evaluateAt": [0, 4, 10],
          "samples": {"at": [0, 4], "count": 2, "length": 12, "prompt": " "},
          "metrics": [{"id": "word-rate"}, {"id": "longest-copy"}]
        }
        """;

    private final TestFramework framework = new TestFramework();
    private final Path folder;
    private final Path experiment;

    /** What a command left: exit code and text. */
    record Answer(int code, String out, String err) {}

    /** All seats that the project comes with; the project lies in this folder. */
    Console(Path folder) throws IOException {
        this.folder = folder;
        this.experiment = folder.resolve("small.json");
        Files.writeString(experiment, SMALL);
        framework.property("kolotoc.project", folder.resolve("project").toString());
        framework.seat(Seat.DATA, "template-world", new TemplateWorldSource(), "org.kolotoc.data.world");
        framework.seat(Seat.DATA, "text", new TextSource());
        framework.seat(Seat.TOKENIZER, "char", new CharTokenizers());
        framework.seat(Seat.MODEL, "gpt", new GptFamily());
        framework.seat(Seat.PHASE, "pretrain", new Counted<>(new Pretrain()));
        framework.seat(Seat.DECODER, "sample", new SampleDecoder());
        framework.seat(Seat.DECODER, "greedy", new GreedyDecoder());
        framework.seat(Seat.METRIC, "word-rate", new WordRate());
        framework.seat(Seat.METRIC, "longest-copy", new LongestCopy());
        framework.seat(Seat.METRIC, "distinct-words", new DistinctWords());
    }

    TestFramework framework() {
        return framework;
    }

    Path experiment() {
        return experiment;
    }

    /** Where runs of this test go. */
    Path out(String name) {
        return folder.resolve("runs").resolve(name);
    }

    /** Replaces the experiment. */
    void write(String json) throws IOException {
        Files.writeString(experiment, json);
    }

    /** {@code run small.json --out runs/<name> ...}. */
    Answer small(String name, String... more) {
        String[] line = new String[more.length + 3];
        line[0] = experiment.toString();
        line[1] = "--out";
        line[2] = out(name).toString();
        System.arraycopy(more, 0, line, 3, more.length);
        return run(() -> false, line);
    }

    Answer run(BooleanSupplier stop, String... line) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        ByteArrayOutputStream seenErrors = new ByteArrayOutputStream();
        taken = 0;
        try {
            System.setOut(new PrintStream(seen, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(seenErrors, true, StandardCharsets.UTF_8));
            RunCommand command = new RunCommand(framework.context(), new Engine(framework.context()), stop);
            int code = command.applyAsInt(line);
            return new Answer(code, seen.toString(StandardCharsets.UTF_8), seenErrors.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    /** Steps that the runs of the test under way have taken since the last command began. */
    private static long taken;

    /** Wants to stop before step n of those that a command takes: as soon as one fewer was taken. */
    static BooleanSupplier before(int n) {
        return () -> taken >= n - 1;
    }

    /** A phase that counts its steps. */
    private record Counted<S extends Record>(Phase<S> phase) implements Phase<S> {
        @Override
        public Class<S> settings() {
            return phase.settings();
        }

        @Override
        public List<Measure> measures(S settings) {
            return phase.measures(settings);
        }

        @Override
        public Training prepare(S settings, PhaseContext context) {
            Training training = phase.prepare(settings, context);
            return new Training() {
                @Override
                public long steps() {
                    return training.steps();
                }

                @Override
                public void step(long index, Measurements out) {
                    training.step(index, out);
                    taken++;
                }

                @Override
                public void evaluate(Measurements out) {
                    training.evaluate(out);
                }

                @Override
                public void close() {
                    training.close();
                }
            };
        }
    }
}
