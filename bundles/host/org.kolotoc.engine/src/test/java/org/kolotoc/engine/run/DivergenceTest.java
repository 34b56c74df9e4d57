package org.kolotoc.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Needs;
import org.kolotoc.api.Phase;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Settings;
import org.kolotoc.api.Training;

/** A run whose numbers are none any more ends there, and says where it can go on; one that got worse says so. */
final class DivergenceTest {
    @TempDir
    Path folder;

    private Console console;

    @BeforeEach
    void sitDown() throws IOException {
        console = new Console(folder);
    }

    /** Twelve steps whose measures are functions of the step; one weight becomes what the loss is. */
    private record Course(DoubleUnaryOperator loss, DoubleUnaryOperator norm, DoubleUnaryOperator heldOut)
            implements Phase<Settings.None> {
        @Override
        public Class<Settings.None> settings() {
            return Settings.None.class;
        }

        @Override
        public List<Measure> measures(Settings.None settings) {
            return List.of(
                    Measure.step("reward", "", Measure.Better.HIGHER),
                    Measure.step("norm", "", Measure.Better.NEITHER),
                    Measure.evaluation("held-out", "", Measure.Better.LOWER));
        }

        @Override
        public Needs needs(Settings.None settings) {
            return Needs.none().model("model", "i32 tokens[batch,time] -> f32 logits[batch,time,vocab]");
        }

        @Override
        public Training prepare(Settings.None settings, PhaseContext context) {
            var weight = context.state()
                    .buffer("model/"
                            + context.model("model").parameters().getFirst().name());
            double[] step = new double[1];
            return Training.of(
                    List.of(),
                    (index, out) -> {
                        step[0] = index + 1;
                        weight.write(0, new float[] {(float) loss.applyAsDouble(step[0])});
                        out.put("reward", loss.applyAsDouble(step[0]));
                        out.put("norm", norm.applyAsDouble(step[0]));
                    },
                    out -> out.put("held-out", heldOut.applyAsDouble(step[0])));
        }
    }

    private Console.Answer run(DoubleUnaryOperator loss, DoubleUnaryOperator norm, DoubleUnaryOperator heldOut) {
        console.framework().seat(Seat.PHASE, "course", new Course(loss, norm, heldOut), "acme.course");
        return console.small("run", "--set", "phases=[{\"id\": \"course\", \"steps\": 12}]", "--quiet");
    }

    private static double from(double step, double first, double value) {
        return step >= first ? value : 1 / (1 + step);
    }

    @Test
    void theFirstStepThatIsNotFiniteIsTheLast() throws IOException {
        for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            console = new Console(Files.createDirectories(folder.resolve("" + value)));
            Console.Answer answer = run(step -> from(step, 7, value), _ -> 3, _ -> 1);
            assertEquals(4, answer.code(), answer.err());
            for (String part : List.of(
                    "reward is " + value + " after step 7 (phase 'course', its step 7)",
                    "not finite either: model/",
                    "last finite, after step 6: reward 0.142857, norm 3.00000",
                    "the newest checkpoint, of step 5",
                    "./kolotoc run " + console.out("run").resolve("experiment.json"))) {
                assertTrue(answer.err().contains(part), "expected «" + part + "» in\n" + answer.err());
            }
            assertEquals(
                    "diverged",
                    JsonParser.parseString(Files.readString(console.out("run").resolve("run.json")))
                            .getAsJsonObject()
                            .get("status")
                            .getAsString());
            assertFalse(Files.exists(console.out("run").resolve("verdict.json")), "nothing to judge");
            assertFalse(Files.exists(console.out("run").resolve("checkpoints/step-00000010")), "it went on");
        }
    }

    /** What was finite before its checkpoint is told as well. */
    @Test
    void oneThatGoesOnKnowsWhatWasBefore() {
        assertEquals(4, run(step -> from(step, 6, Double.NaN), _ -> 3, _ -> 1).code());
        Console.Answer again =
                console.run(() -> false, "--resume", console.out("run").toString(), "--quiet");
        assertEquals(4, again.code(), again.err());
        assertTrue(again.err().contains("reward is NaN after step 6"), again.err());
        assertTrue(again.err().contains("last finite, after step 5: reward 0.166667, norm 3.00000"), again.err());
    }

    @Test
    void anyMeasureOfThePhaseWillDo() {
        Console.Answer norm = run(_ -> 1, step -> from(step, 3, Double.NaN), _ -> 1);
        assertEquals(4, norm.code(), norm.err());
        assertTrue(norm.err().contains("norm is NaN after step 3"), norm.err());
        assertTrue(norm.err().contains("all tensors of the state are still finite"), norm.err());
    }

    @Test
    void anEvaluationToo() {
        Console.Answer answer = run(_ -> 1, _ -> 1, step -> from(step, 4, Double.NaN));
        assertEquals(4, answer.code(), answer.err());
        assertTrue(answer.err().contains("held-out is NaN after step 4"), answer.err());
    }

    @Test
    void fromTheBeginning() {
        Console.Answer answer = run(_ -> 1, _ -> 1, _ -> Double.NaN);
        assertEquals(4, answer.code(), answer.err());
        assertTrue(answer.err().contains("held-out is NaN after step 0"), answer.err());
        assertTrue(answer.err().contains("it was never finite"), answer.err());
    }

    @Test
    void gettingWorseIsSaidOnce() {
        Console.Answer worse = run(_ -> 1, _ -> 1, step -> 2 + step);
        assertEquals(0, worse.code(), worse.err());
        assertEquals(1, worse.err().split("worse than 2\\.000 before training", -1).length - 1, worse.err());
        Console.Answer better = runAgain(step -> 2 - step);
        assertEquals("", better.err());
    }

    private Console.Answer runAgain(DoubleUnaryOperator heldOut) {
        try {
            console = new Console(Files.createDirectories(folder.resolve("again")));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return run(_ -> 1, _ -> 1, heldOut);
    }

    /** Adam with a learning rate far too high, and no clipping. */
    @Test
    void aRealRun() {
        Console.Answer answer = console.small(
                "real",
                "--quiet",
                "--set",
                "phases.0.learningRate=10",
                "--set",
                "phases.0.minLearningRate=10",
                "--set",
                "phases.0.clip=0",
                "--set",
                "phases.0.warmup=0",
                "--set",
                "phases.0.epsilon=0");
        assertEquals(4, answer.code(), answer.err());
        assertTrue(answer.err().contains("loss/train is NaN after step 2 (phase 'pretrain'"), answer.err());
    }
}
