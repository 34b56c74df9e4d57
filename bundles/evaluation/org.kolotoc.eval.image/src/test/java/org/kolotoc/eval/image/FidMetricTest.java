package org.kolotoc.eval.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Model;
import org.kolotoc.api.Sample;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.MetricConformance;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.reference.ReferenceBackend;

class FidMetricTest extends MetricConformance<FidSettings> {
    @Override
    protected Metric<FidSettings> metric() {
        return new FidMetric();
    }

    @Override
    protected FidSettings settings() {
        return new FidSettings(0.8, Trained.HELD_OUT, 60);
    }

    @Override
    protected String id() {
        return "fid";
    }

    @Override
    protected Dataset data() {
        return Trained.SHAPES;
    }

    @Override
    protected Map<String, Model> models() {
        return Map.of("judge", Trained.judge());
    }

    @Override
    protected List<Sample> high() {
        return List.of(Trained.noise());
    }

    @Override
    protected List<Sample> low() {
        return List.of(Trained.real("validation"));
    }

    @Test
    void realPicturesAreRealAndDistinct() {
        Map<String, Double> measured = measured(low());
        // They are those that the others are compared with, but for the 8 bits of a PNG.
        assertEquals(measured.get("fid/real"), measured.get("fid"), 0.02 * measured.get("fid/real"));
        assertTrue(measured.get("fid") < 0.2 * measured.get("fid/gaussian"), measured::toString);
        assertEquals(1, measured.get("fid/precision"));
        assertEquals(1, measured.get("fid/recall"));
        assertEquals(1, measured.get("fid/distinct"));
        assertEquals(0.25, measured.get("fid/rarest-class"), 0.1);
        assertEquals(0, measured.get("fid/copied"), 0.05);
        assertTrue(measured.get("fid/judge") > 0.9, measured::toString);
    }

    /** The judge has not learned from them: what was trained on is another thing altogether here. */
    @Test
    void realPicturesAreHeldOut() {
        Dataset scattered = data().controls().get("scattered");
        try (Bench bench = new Bench(new ReferenceBackend(), models(), scattered, 1)) {
            FidSettings anyJudge = new FidSettings(0, Trained.HELD_OUT, 60);
            Map<String, Double> measured = Bench.measured(out -> metric().measure(anyJudge, low(), bench, out));
            assertTrue(measured.get("fid/real") < 0.3 * measured.get("fid"), measured::toString);
        }
    }

    /** Of fewer pictures a distance is larger, so all have as many as are drawn. */
    @Test
    void asManyAreComparedAsAreDrawn() {
        List<Map<String, Double>> measured = IntStream.of(15, 30, 120)
                .mapToObj(count -> measured(
                        List.of(Trained.grid(data().first("validation", count).get("sample")))))
                .toList();
        for (String name : List.of("fid", "fid/real")) {
            for (int i = 0; i < 2; i++) {
                assertTrue(measured.get(i).get(name) > 1.3 * measured.get(i + 1).get(name), measured::toString);
            }
        }
        // Half of the held-out ones, and no more: the others stay what all are compared with.
        Map<String, Double> all = measured(List.of(
                Trained.grid(data().first("validation", Trained.HELD_OUT).get("sample"))));
        assertEquals(measured.get(2).get("fid"), all.get("fid"), 1e-12);
        assertEquals(measured.get(2).get("fid/gaussian"), all.get("fid/gaussian"), 1e-12);
    }

    /** Of all of them, not of the first ones: the mean and the covariance of two pixels, within four standard errors. */
    @Test
    void aGaussianHasTheMomentsOfAll() {
        CounterRandom random = new CounterRandom(1, "moments");
        float[] numbers = new float[6000];
        for (int i = 0; i < 3000; i++) {
            double common = 0.1 * random.normal(i);
            numbers[2 * i] = (float) (common + (i < 1500 ? 0.1 : -0.1));
            numbers[2 * i + 1] = (float) (0.3 + common + 0.05 * random.normal(10_000 + i));
        }
        double[] pairs = new double[numbers.length];
        Arrays.setAll(pairs, i -> numbers[i]);
        Gaussian expected = Gaussian.of(pairs, 2);
        float[] drawn = new Shots(numbers, 1, 1, 2).gaussian(4000, 1).numbers();
        double[] drawnPairs = new double[drawn.length];
        Arrays.setAll(drawnPairs, i -> drawn[i]);
        Gaussian found = Gaussian.of(drawnPairs, 2);
        assertEquals(0, expected.mean()[0], 0.02);
        for (int i = 0; i < 2; i++) {
            assertEquals(expected.mean()[i], found.mean()[i], 4 * Math.sqrt(expected.covariance()[i][i] / 4000));
            for (int j = 0; j < 2; j++) {
                double variances = expected.covariance()[i][i] * expected.covariance()[j][j];
                assertEquals(
                        expected.covariance()[i][j], found.covariance()[i][j], 4 * Math.sqrt(2 * variances / 4000));
            }
        }
        assertEquals(4000 * 2, drawn.length);
        float[] bright =
                new Shots(new float[] {1, 0, 1, 1}, 1, 1, 2).gaussian(100, 1).numbers();
        for (float number : bright) {
            assertTrue(number <= 1);
        }
    }

    /** Each in its own way: what was trained on is copied, one picture is not distinct, a Gaussian is nowhere near. */
    @Test
    void whatIsNoSampleIsToldByANumber() {
        assertEquals(1, measured(List.of(Trained.real("train"))).get("fid/copied"));
        float[] one = Trained.SHAPES.first("validation", 1).get("sample");
        float[] same = new float[49 * one.length];
        for (int i = 0; i < same.length; i++) {
            same[i] = one[i % one.length];
        }
        Map<String, Double> collapsed = measured(List.of(Trained.grid(same)));
        assertTrue(collapsed.get("fid/distinct") < 0.03, collapsed::toString);
        assertEquals(0, collapsed.get("fid/rarest-class"));
        assertTrue(collapsed.get("fid/recall") < 0.1, collapsed::toString);
        assertEquals(1, collapsed.get("fid/precision"));
        Map<String, Double> noise = measured(high());
        assertTrue(noise.get("fid") > 0.5 * noise.get("fid/gaussian"), noise::toString);
    }

    /** Nothing but what it knows is measured by a judge that learned nothing, and of a few pictures. */
    @Test
    void whatIsNotEvaluableIsNotMeasured() {
        assertEquals(
                Set.of("fid/judge"),
                measured(List.of(Trained.grid(new float[3 * 144]))).keySet());
        try (Bench bench = new Bench(new ReferenceBackend(), Map.of("judge", Trained.fresh()), data(), 1)) {
            Map<String, Double> measured = Bench.measured(out -> metric().measure(settings(), low(), bench, out));
            assertEquals(Set.of("fid/judge"), measured.keySet());
        }
    }

    private static String noted(FidSettings settings, Model judge, Dataset data, List<Sample> samples) {
        List<String> notes = new ArrayList<>();
        try (Bench bench = new Bench(new ReferenceBackend(), Map.of("judge", judge), data, 1)) {
            new FidMetric()
                    .measure(
                            settings,
                            samples,
                            bench.withLedger((_, field, sentence) -> notes.add(field + ": " + sentence)),
                            (_, _) -> {});
        }
        return notes.getFirst();
    }

    @Test
    void whyNothingIsMeasuredIsToldWithTheNextStep() {
        assertTrue(noted(settings(), Trained.fresh(), data(), low())
                .matches("floor: not evaluable: the judge knows .* expected 0.8: give its phase more steps.*"));
        assertEquals(
                "samples: not evaluable: 3 pictures; expected at least 10: give the samples a larger count, or more"
                        + " pictures in each",
                noted(settings(), Trained.judge(), data(), List.of(Trained.grid(new float[3 * 144]))));
        assertEquals(
                "pictures: not evaluable: 19 held-out pictures; expected at least 20: let the data hold out more",
                noted(new FidSettings(0, 19, 10), Trained.judge(), data(), low()));
    }

    /** A grid of seven has two black ones at its end. */
    @Test
    void whatFillsAGridIsNoPicture() {
        float[] seven = Trained.SHAPES.first("validation", 7).get("sample");
        assertEquals(7, Shots.of(List.of(Trained.grid(seven)), data()).count());
        assertEquals(
                14,
                Shots.of(List.of(Trained.grid(seven), Trained.grid(seven)), data())
                        .count());
        float[] read = Shots.of(List.of(Trained.grid(seven)), data()).numbers();
        for (int i = 0; i < seven.length; i++) {
            assertEquals(seven[i], read[i], 0.005);
        }
    }
}
