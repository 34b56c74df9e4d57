package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.SideLoss;
import org.kolotoc.api.SideLossFamily;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/**
 * What every side loss must do: give a number of points and of pictures, with classes and without, that moves what was made and
 * falls against its gradient.
 *
 * @param <S> the settings record
 */
public abstract class SideLossConformance<S extends Record> {
    private static final int BATCH = 6;
    private static final int LATENT = 3;
    private static final double STEP = 1e-2;

    protected abstract SideLossFamily<S> family();

    protected abstract S settings();

    /** Settings that {@code create} must refuse. */
    protected Stream<Refused<S>> refused() {
        return Stream.empty();
    }

    /** Shapes of samples that it is for, {@code [batch, ...]}; points and pictures, if it says nothing else. */
    protected Stream<Shape> samples() {
        return Stream.of(Shape.of(BATCH, 2), Shape.of(BATCH, 1, 4, 4));
    }

    /** What it gives of samples, and its gradient by them. */
    private record Told(float loss, float[] gradient) {}

    private Told told(Shape shape, boolean labelled, float[] made) {
        Tracer tracer = new Tracer();
        Tensor sample = tracer.feed("made", DType.F32, shape);
        Map<String, Tensor> inputs = new HashMap<>();
        Map<String, Tensor> batch = new HashMap<>();
        Shape noise = Shape.of(shape.extent(0), LATENT);
        inputs.put("noise", tracer.constant(drawn("noise", noise.size()), noise));
        batch.put("sample", tracer.constant(drawn("sample", shape.size()), shape));
        if (labelled) {
            // Classes of both halves are the same, so that there are pairs of one class.
            int[] labels = new int[shape.extent(0)];
            for (int i = 0; i < labels.length; i++) {
                labels[i] = i % (labels.length / 2);
            }
            Tensor label = tracer.constant(labels, Shape.of(labels.length));
            inputs.put("label", label);
            batch.put("label", label);
        }
        Tensor loss = family().create(settings()).of(new SideLoss.Use(inputs, Map.of("sample", sample), batch));
        assertEquals(Shape.scalar(), loss.shape(), "a loss is a scalar");
        tracer.output("loss", loss);
        tracer.output("gradient", Gradients.of(loss, List.of(sample)).getFirst());
        try (Bench bench = Bench.of(Toys.unsuitable(), null, 1);
                BoundProgram program = bench.prepare("side loss", tracer.program())) {
            program.buffer("made").write(made);
            program.run();
            float[] gradient = new float[shape.size()];
            program.buffer("gradient").read(gradient);
            return new Told(program.scalar("loss"), gradient);
        }
    }

    private static float[] drawn(String stream, int count) {
        CounterRandom random = new CounterRandom(1, stream);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.normal(i);
        }
        return numbers;
    }

    private static float[] made(Shape shape) {
        return drawn("made", shape.size());
    }

    private Stream<DynamicTest> each(BiConsumer<Shape, Boolean> test) {
        return samples()
                .flatMap(shape -> Stream.of(false, true)
                        .map(labelled -> DynamicTest.dynamicTest(
                                shape + (labelled ? ", with classes" : ""), () -> test.accept(shape, labelled))));
    }

    @Test
    void settingsAreARecordOfTheFamily() {
        assertTrue(family().settings().isInstance(settings()));
    }

    @Test
    void settingsThatDoNotFitAreRefused() {
        refused().forEach(bad -> bad.check(() -> family().create(bad.settings())));
    }

    @TestFactory
    Stream<DynamicTest> itIsANumberAndTheSameOneAgain() {
        return each((shape, labelled) -> {
            Told told = told(shape, labelled, made(shape));
            assertTrue(Float.isFinite(told.loss()), () -> "the loss is " + told.loss());
            assertArrayEquals(
                    told.gradient(), told(shape, labelled, made(shape)).gradient(), "another one when asked again");
        });
    }

    /** Of samples that are all alike too, as those of a generator that collapsed. */
    @TestFactory
    Stream<DynamicTest> itIsANumberOfSamplesThatAreAlike() {
        return each((shape, labelled) -> {
            Told told = told(shape, labelled, new float[shape.size()]);
            assertTrue(Float.isFinite(told.loss()), () -> "the loss is " + told.loss());
            for (float slope : told.gradient()) {
                assertTrue(Float.isFinite(slope), () -> "a slope is " + slope);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> aStepAgainstItsGradientMakesItFall() {
        return each((shape, labelled) -> {
            float[] made = made(shape);
            Told before = told(shape, labelled, made);
            double length = 0;
            for (float slope : before.gradient()) {
                length += slope * slope;
            }
            double norm = Math.sqrt(length);
            assertTrue(norm > 0, "what was made changes nothing of it");
            for (int i = 0; i < made.length; i++) {
                made[i] -= (float) (STEP * before.gradient()[i] / norm);
            }
            float after = told(shape, labelled, made).loss();
            assertTrue(after < before.loss(), () -> "it went from " + before.loss() + " to " + after);
            double foreseen = STEP * norm;
            assertEquals(foreseen, before.loss() - after, 0.2 * foreseen + 1e-5, "not by what its gradient foresees");
        });
    }
}
