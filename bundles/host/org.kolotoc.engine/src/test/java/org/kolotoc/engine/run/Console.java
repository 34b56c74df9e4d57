package org.kolotoc.engine.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.kolotoc.adapter.LoraFamily;
import org.kolotoc.api.Seat;
import org.kolotoc.api.probe.Probe;
import org.kolotoc.data.TemplateWorldSource;
import org.kolotoc.data.TextSource;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.Failure;
import org.kolotoc.engine.TestFramework;
import org.kolotoc.engine.command.Shared;
import org.kolotoc.engine.command.Syntax;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.event.Event;
import org.kolotoc.engine.event.EventLine;
import org.kolotoc.engine.folder.MetricsReader;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.replay.Outcome;
import org.kolotoc.model.gpt.GptFamily;
import org.kolotoc.optimizer.AdamWFamily;
import org.kolotoc.optimizer.SgdFamily;
import org.kolotoc.phase.pretrain.Pretrain;
import org.kolotoc.probe.Activations;
import org.kolotoc.probe.Attention;
import org.kolotoc.probe.GradientNorms;
import org.kolotoc.probe.Memory;
import org.kolotoc.probe.UpdateRatio;
import org.kolotoc.sampler.text.TextSampler;
import org.kolotoc.text.CharTokenizers;
import org.kolotoc.text.DistinctWords;
import org.kolotoc.text.GreedyDecoder;
import org.kolotoc.text.LongestCopy;
import org.kolotoc.text.SampleDecoder;
import org.kolotoc.text.WordRate;

/** A client that begins runs as {@code kolotoc run} does, and keeps what there was to read of them. */
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

    private static final Syntax SYNTAX = Syntax.of("run").takes(Shared.values());

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
        framework.seat(Seat.ADAPTER, "lora", new LoraFamily());
        framework.seat(Seat.OPTIMIZER, "adamw", new AdamWFamily());
        framework.seat(Seat.OPTIMIZER, "sgd", new SgdFamily());
        framework.seat(Seat.DECODER, "sample", new SampleDecoder());
        framework.seat(Seat.DECODER, "greedy", new GreedyDecoder());
        framework.seat(Seat.SAMPLER, "text", new TextSampler());
        framework.seat(Seat.METRIC, "word-rate", new WordRate());
        framework.seat(Seat.METRIC, "longest-copy", new LongestCopy());
        framework.seat(Seat.METRIC, "distinct-words", new DistinctWords());
        framework.seat(Probe.KIND, "gradient-norms", new GradientNorms());
        framework.seat(Probe.KIND, "activations", new Activations());
        framework.seat(Probe.KIND, "attention", new Attention());
        framework.seat(Probe.KIND, "update-ratio", new UpdateRatio());
        framework.seat(Probe.KIND, "memory", new Memory());
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

    /** As they are typed. */
    static Options options(String... line) {
        return SYNTAX.parse(line).options();
    }

    public Answer run(BooleanSupplier stop, String... line) {
        StringBuilder out = new StringBuilder();
        StringBuilder err = new StringBuilder();
        int code;
        try {
            Options options = SYNTAX.parse(line).options();
            Client client = new Client(stop, event -> heard(event, options, out, err));
            Engine engine = new Engine(framework.context());
            Run run = options.resume().isPresent()
                    ? engine.resume(options.resume().get(), options, client)
                    : engine.start(engine.read(Path.of(options.files().getFirst()), options, client), options, client);
            Run.Result result = run.result();
            code = switch (result.state()) {
                case FINISHED -> result.refused() ? 1 : 0;
                case DIVERGED -> 4;
                default -> 130;
            };
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            Failure failure = Failure.of(e);
            err.append(failure.text()).append('\n');
            code = failure.code().code();
        }
        return new Answer(code, out.toString(), err.toString());
    }

    private static void heard(Event event, Options options, StringBuilder out, StringBuilder err) {
        boolean finished = event instanceof Event.Ended ended && ended.state().equals("finished");
        if (event instanceof Event.Warned || event instanceof Event.Disclosed || event instanceof Event.Quarantined) {
            err.append(event.text()).append('\n');
        } else if (event instanceof Event.Ended ended && !finished) {
            err.append(ended.next().isEmpty() ? ended.text() : "kolotoc: " + ended.text() + "\n  do: " + ended.next())
                    .append('\n');
        } else if (options.json() && event.isProgress()) {
            return;
        } else if (options.json()) {
            out.append(EventLine.of(event)).append('\n');
        } else if ((!options.quiet() || finished || event instanceof Event.Judged)
                && !event.text().isEmpty()) {
            out.append(event.text()).append('\n');
        }
    }

    /** Takes the steps of a run again, from the beginning to its last checkpoint. */
    public Outcome replay(Path run) throws IOException {
        return new Engine(framework.context())
                .replay(run, Options.none().from(Optional.of(0L)), Optional.empty(), 0, Client.NOBODY, (_, _, _) -> {});
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
