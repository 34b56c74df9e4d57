package org.kolotoc.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.Batches;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Model;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.Needs;
import org.kolotoc.api.Pass;
import org.kolotoc.api.Phase;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Settings;
import org.kolotoc.api.Stopped;
import org.kolotoc.api.Training;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** A plugin that breaks is named with its bundle, what it was doing and its own line; nothing of it looks like our bug. */
final class PluginAtFaultTest {
    @TempDir
    Path folder;

    private Console console;

    @BeforeEach
    void sitDown() throws IOException {
        console = new Console(folder);
    }

    /** A phase of five steps; what it does in a step and when it is prepared comes from a test. */
    private record Odd(Act prepare, Act step) implements Phase<Settings.None> {
        static Odd step(Act act) {
            return new Odd(_ -> {}, act);
        }

        @Override
        public Class<Settings.None> settings() {
            return Settings.None.class;
        }

        @Override
        public List<Measure> measures(Settings.None settings) {
            return List.of(
                    Measure.step("loss", "", Measure.Better.LOWER),
                    Measure.evaluation("held-out", "", Measure.Better.LOWER));
        }

        @Override
        public Needs needs(Settings.None settings) {
            return Needs.none();
        }

        @Override
        public Training prepare(Settings.None settings, PhaseContext context) {
            prepare.act((_, _) -> {});
            return Training.of(List.of(), (_, out) -> step.act(out), out -> out.put("held-out", 1));
        }
    }

    @FunctionalInterface
    private interface Act {
        void act(Measurements out);
    }

    /** Throws what no signature allows. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable thrown) throws E {
        throw (E) thrown;
    }

    private Console.Answer run(Phase<?> phase) {
        console.framework().seat(Seat.PHASE, "odd", phase, "acme.odd");
        return console.small("run", "--set", "phases=[{\"id\": \"odd\", \"steps\": 5}]", "--set", "evaluateAt=[]");
    }

    private static void blamed(Console.Answer answer, String... parts) {
        assertEquals(2, answer.code(), answer.err());
        for (String part : parts) {
            assertTrue(answer.err().contains(part), "expected «" + part + "» in\n" + answer.err());
        }
        assertFalse(answer.err().contains("should not have happened"), answer.err());
        assertFalse(answer.err().contains("make room"), answer.err());
        assertFalse(answer.err().contains("\tat "), "a stack trace:\n" + answer.err());
    }

    @Test
    void whateverIsThrownInAStep() {
        List<Throwable> all = List.of(
                new NullPointerException("nothing there"),
                new IOException("No space left on device"),
                new InterruptedException("odd"),
                new AssertionError("odd"),
                new NoClassDefFoundError("acme/Gone"),
                new StackOverflowError(),
                new OutOfMemoryError("Java heap space"),
                new Stopped(),
                new Throwable("odd"));
        for (Throwable thrown : all) {
            console = again();
            Console.Answer answer = run(Odd.step(_ -> PluginAtFaultTest.<RuntimeException>sneak(thrown)));
            blamed(answer, "the phase 'odd' (bundle acme.odd 1.0.0) failed while it took its step 1");
            if (!(thrown instanceof OutOfMemoryError)) {
                assertTrue(answer.err().contains(thrown.getClass().getName()), answer.err());
            }
        }
    }

    private int times;

    private Console again() {
        try {
            return new Console(Files.createDirectories(folder.resolve("again" + times++)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void itsOwnLineIsNamed() {
        Console.Answer answer = run(Odd.step(_ -> Thin.walk()));
        blamed(answer, "ArithmeticException", "PluginAtFaultTest$Odd", "(PluginAtFaultTest.java:");
    }

    private static final class Thin {
        static int walk() {
            return 1 / Integer.parseInt("0");
        }
    }

    @Test
    void runJsonSaysThatItFailed() throws IOException {
        run(Odd.step(_ -> Thin.walk()));
        String status = JsonParser.parseString(
                        Files.readString(console.out("run").resolve("run.json")))
                .getAsJsonObject()
                .get("status")
                .getAsString();
        assertFalse(status.equals("running"), status);
    }

    @Test
    void anInterruptedThreadIsNoFullDisk() {
        blamed(run(Odd.step(_ -> Thread.currentThread().interrupt())), "left its thread interrupted", "acme.odd");
        assertFalse(Thread.interrupted());
    }

    @Test
    void aMeasureThatWasNotDeclared() {
        blamed(run(Odd.step(out -> out.put("reward", 1))), "measures 'reward', which it did not declare", "loss");
        console = again();
        blamed(run(Odd.step(out -> out.put("held-out", 1))), "measures 'held-out', which it did not declare for that");
    }

    @Test
    void whatFailsWhileItIsPrepared() {
        blamed(run(new Odd(_ -> Thin.walk(), _ -> {})), "failed while it prepared", "ArithmeticException");
        assertFalse(Files.exists(console.out("run")), "a run folder was made");
    }

    /** A model whose forward pass is not that of its signature. */
    private record Liar(String output, int rank) implements ModelFamily<Settings.None> {
        @Override
        public Class<Settings.None> settings() {
            return Settings.None.class;
        }

        @Override
        public Model create(Settings.None settings, Dimensions data) {
            return Model.of(
                    "i32 tokens[batch,time] -> f32 logits[batch,time,vocab]",
                    Dimensions.of("time", 8),
                    List.of(Parameter.of("table", new Initializer.Normal(1), data.get("vocab"), data.get("vocab"))),
                    (weights, inputs, _) -> {
                        var logits = weights.get("table").gather(inputs.get("tokens"));
                        return Map.of(output, rank == 3 ? logits : logits.sum(1));
                    });
        }
    }

    @Test
    void aModelIsBlamedForItsOutputsNotThePhase() {
        console.framework().seat(Seat.MODEL, "liar", new Liar("scores", 3), "acme.liar");
        blamed(
                console.small("run", "--set", "model={\"id\": \"liar\"}"),
                "the model 'liar' (bundle acme.liar 1.0.0) does not keep its signature",
                "output 'logits' is missing among [scores]");
        console = again();
        console.framework().seat(Seat.MODEL, "liar", new Liar("logits", 2), "acme.liar");
        blamed(
                console.small("run", "--set", "model={\"id\": \"liar\"}"),
                "the model 'liar'",
                "output 'logits' is f32 [",
                "expected f32 logits[batch,time,vocab]");
    }

    /** A model that may be told which tokens are there. */
    private record Padded() implements ModelFamily<Settings.None> {
        static final String SIGNATURE =
                "i32 tokens[batch,time]; bool present[batch,time]? -> f32 logits[batch,time,vocab]";

        @Override
        public Class<Settings.None> settings() {
            return Settings.None.class;
        }

        @Override
        public Model create(Settings.None settings, Dimensions data) {
            return Model.of(
                    SIGNATURE,
                    Dimensions.of("time", 8),
                    List.of(Parameter.of("table", new Initializer.Normal(1), data.get("vocab"), data.get("vocab"))),
                    (weights, inputs, _) ->
                            Map.of("logits", weights.get("table").gather(inputs.get("tokens"))));
        }
    }

    /** Tells a model what is there, by a name of its own choice. */
    private record Telling(String name) implements Phase<Settings.None> {
        @Override
        public Class<Settings.None> settings() {
            return Settings.None.class;
        }

        @Override
        public List<Measure> measures(Settings.None settings) {
            return List.of();
        }

        @Override
        public Needs needs(Settings.None settings) {
            return Needs.none().model("model", Padded.SIGNATURE);
        }

        @Override
        public Training prepare(Settings.None settings, PhaseContext context) {
            Tracer tracer = new Tracer();
            Shape shape = Shape.of(1, 8);
            Map<String, Tensor> inputs = Map.of(
                    "tokens", tracer.feed("tokens", DType.I32, shape), name, tracer.feed("mask", DType.BOOL, shape));
            Model model = context.model("model");
            model.forward(model.weights(tracer, "model"), inputs, Pass.inference());
            return Training.of(List.of(), (_, _) -> {}, _ -> {});
        }
    }

    @Test
    void anInputThatTheModelHasNotIsNotIgnored() {
        for (String name : List.of("presant", "token", "present")) {
            console = again();
            console.framework().seat(Seat.MODEL, "padded", new Padded(), "acme.padded");
            console.framework().seat(Seat.PHASE, "telling", new Telling(name), "acme.telling");
            Console.Answer answer = console.small(
                    "run",
                    "--set",
                    "model={\"id\": \"padded\"}",
                    "--set",
                    "phases=[{\"id\": \"telling\", \"steps\": 1}]",
                    "--set",
                    "samples=[]",
                    "--set",
                    "evaluateAt=[]");
            if (name.equals("present")) {
                assertEquals(0, answer.code(), answer.err());
            } else {
                blamed(
                        answer,
                        "the phase 'telling' (bundle acme.telling 1.0.0)",
                        "the model 'padded' (bundle acme.padded 1.0.0), whose signature is '" + Padded.SIGNATURE
                                + "', has no input '" + name + "'; did you mean '");
            }
        }
    }

    /** Data whose batches break while a phase fills its feeds. */
    private record Holes() implements DataSource<Settings.None> {
        @Override
        public Class<Settings.None> settings() {
            return Settings.None.class;
        }

        @Override
        public Dataset open(Settings.None settings, DataContext context) {
            return new Dataset() {
                @Override
                public Dimensions dimensions() {
                    return Dimensions.of("vocab", 7);
                }

                @Override
                public List<String> splits() {
                    return List.of("train");
                }

                @Override
                public Batches batches(String split, Map<String, Integer> axes, long seed) {
                    return new Batches() {
                        @Override
                        public long count() {
                            return 3;
                        }

                        @Override
                        public void fill(long index, Map<String, Buffer> feeds) {
                            throw new IllegalStateException("a hole in the data");
                        }
                    };
                }
            };
        }
    }

    @Test
    void whoseCodeRanDeepestIsBlamedNotWhoWasCalled() {
        console.framework().seat(Seat.DATA, "holes", new Holes(), "acme.holes");
        blamed(
                console.run(
                        () -> false,
                        console.experiment().toString(),
                        "--out",
                        console.out("run").toString(),
                        "--set",
                        "data={\"id\": \"holes\"}",
                        "--set",
                        "samples=null",
                        "--set",
                        "metrics=[]"),
                "bundle acme.holes 1.0.0 (data 'holes') failed while the phase 'pretrain'",
                "a hole in the data");
    }

    /** A judge that gives what it likes. */
    private record Judge(String measure) implements Metric<Settings.None> {
        @Override
        public Class<Settings.None> settings() {
            return Settings.None.class;
        }

        @Override
        public List<Measure> measures(Settings.None settings) {
            return List.of(Measure.evaluation("judge", "", Measure.Better.HIGHER));
        }

        @Override
        public void measure(Settings.None settings, List<Sample> samples, ProgramContext context, Measurements out) {
            out.put(measure, samples.get(99_999).content().length);
        }
    }

    @Test
    void aJudge() {
        console.framework().seat(Seat.METRIC, "judge", new Judge("judge"), "acme.judge");
        blamed(
                console.small("run", "--set", "metrics=[{\"id\": \"judge\"}]"),
                "the metric 'judge' (bundle acme.judge 1.0.0) failed while it judged samples",
                "IndexOutOfBounds");
    }

    @Test
    void aConstructorOfSettingsAndAMeasureTwice() {
        Phase<Settings.None> twice = new Phase<>() {
            @Override
            public Class<Settings.None> settings() {
                return Settings.None.class;
            }

            @Override
            public List<Measure> measures(Settings.None settings) {
                Measure loss = Measure.step("loss", "", Measure.Better.LOWER);
                return List.of(loss, loss);
            }

            @Override
            public Needs needs(Settings.None settings) {
                return Needs.none();
            }

            @Override
            public Training prepare(Settings.None settings, PhaseContext context) {
                return null;
            }
        };
        blamed(run(twice), "declares the measure 'loss' twice");
    }
}
