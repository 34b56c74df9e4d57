package org.kolotoc.engine.run;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.kolotoc.api.Seat;
import org.kolotoc.data.TemplateWorldSource;
import org.kolotoc.data.TextSource;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.TestFramework;
import org.kolotoc.engine.folder.MetricsReader;
import org.kolotoc.model.gpt.GptFamily;
import org.kolotoc.phase.pretrain.Pretrain;
import org.kolotoc.sampler.text.TextSampler;
import org.kolotoc.text.CharTokenizers;
import org.kolotoc.text.DistinctWords;
import org.kolotoc.text.GreedyDecoder;
import org.kolotoc.text.LongestCopy;
import org.kolotoc.text.SampleDecoder;
import org.kolotoc.text.WordRate;

/** A person at the command line: types {@code run} and sees what is printed and returned. */
public final class Console {
    /** A run of 12 steps that takes a moment on the reference backend. */
    public static final String SMALL = """
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
    public record Answer(int code, String out, String err) {}

    /** All seats that the project comes with; the project lies in this folder. */
    public Console(Path folder) throws IOException {
        this.folder = folder;
        this.experiment = folder.resolve("small.json");
        Files.writeString(experiment, SMALL);
        framework.property("kolotoc.project", folder.resolve("project").toString());
        framework.seat(Seat.DATA, "template-world", new TemplateWorldSource(), "org.kolotoc.data.world");
        framework.seat(Seat.DATA, "text", new TextSource());
        framework.seat(Seat.TOKENIZER, "char", new CharTokenizers());
        framework.seat(Seat.MODEL, "gpt", new GptFamily());
        framework.seat(Seat.PHASE, "pretrain", new Pretrain());
        framework.seat(Seat.DECODER, "sample", new SampleDecoder());
        framework.seat(Seat.DECODER, "greedy", new GreedyDecoder());
        framework.seat(Seat.SAMPLER, "text", new TextSampler());
        framework.seat(Seat.METRIC, "word-rate", new WordRate());
        framework.seat(Seat.METRIC, "longest-copy", new LongestCopy());
        framework.seat(Seat.METRIC, "distinct-words", new DistinctWords());
    }

    public TestFramework framework() {
        return framework;
    }

    public Path experiment() {
        return experiment;
    }

    /** Where runs of this test go. */
    public Path out(String name) {
        return folder.resolve("runs").resolve(name);
    }

    /** Replaces the experiment. */
    public void write(String json) throws IOException {
        Files.writeString(experiment, json);
    }

    /** {@code run small.json --out runs/<name> ...}. */
    public Answer small(String name, String... more) {
        String[] line = new String[more.length + 3];
        line[0] = experiment.toString();
        line[1] = "--out";
        line[2] = out(name).toString();
        System.arraycopy(more, 0, line, 3, more.length);
        return run(() -> false, line);
    }

    public Answer run(BooleanSupplier stop, String... line) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        ByteArrayOutputStream seenErrors = new ByteArrayOutputStream();
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

    /** Steps that a run's metrics have a line of. */
    public static List<Long> steps(Path run) throws IOException {
        List<Long> steps = new ArrayList<>();
        MetricsReader.read(run.resolve(MetricsReader.FILE), (line, _) -> {
            if (!line.evaluation()) {
                steps.add(line.step());
            }
        });
        return steps;
    }

    /** Wants to stop before step n of those that a command takes. */
    public static BooleanSupplier before(int n) {
        int[] asked = new int[1];
        return betweenSteps(() -> ++asked[0] >= n);
    }

    /** Is asked only by a run between two steps: not while data is read, nor within an evaluation or a sample. */
    public static BooleanSupplier betweenSteps(BooleanSupplier stop) {
        return () -> StackWalker.getInstance()
                        .walk(frames -> frames.filter(
                                        frame -> frame.getClassName().equals(Runner.class.getName()))
                                .findFirst())
                        .filter(frame -> frame.getMethodName().equals("run"))
                        .isPresent()
                && stop.getAsBoolean();
    }
}
