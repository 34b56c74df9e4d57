package org.kolotoc.eval.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Sample;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.MetricConformance;
import org.kolotoc.tensor.reference.ReferenceBackend;

class LikenessMetricTest extends MetricConformance<LikenessSettings> {
    @Override
    protected Metric<LikenessSettings> metric() {
        return new LikenessMetric();
    }

    @Override
    protected LikenessSettings settings() {
        return new LikenessSettings(600);
    }

    @Override
    protected String id() {
        return "likeness";
    }

    @Override
    protected Dataset data() {
        return Trained.SHAPES;
    }

    /** One picture, over and over. */
    @Override
    protected List<Sample> high() {
        float[] numbers = new float[Trained.PICTURES * Trained.SIZE * Trained.SIZE];
        float[] one = data().first("validation", 1).get("sample");
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = one[i % one.length];
        }
        return List.of(Trained.grid(numbers));
    }

    @Override
    protected List<Sample> low() {
        return List.of(Trained.real("validation"));
    }

    @Test
    void aCollapseIsAlikeAndRealPicturesAreAsRealOnes() {
        assertEquals(1, measured(high()).get("likeness"), 1e-3);
        Map<String, Double> real = measured(low());
        assertTrue(real.get("likeness") < 0.5, real::toString);
        for (String name : List.of("likeness", "likeness/nearest", "likeness/noise")) {
            String beside = name.equals("likeness") ? "likeness/real" : name + "-real";
            assertEquals(real.get(beside), real.get(name), 0.01 * Math.abs(real.get(beside)), name);
        }
    }

    /** A generator that gives back what it was shown; pixels in another order are far from all. */
    @Test
    void trainingPicturesAreNearestToThemselves() {
        Map<String, Double> copied = measured(List.of(Trained.real("train")));
        Map<String, Double> heldOut = measured(low());
        assertEquals(1, copied.get("likeness/nearest"), 1e-2);
        assertTrue(copied.get("likeness/noise") > heldOut.get("likeness/noise") + 10, copied + " " + heldOut);
        Map<String, Double> scattered = measured(List.of(Trained.grid(data().controls()
                .get("scattered")
                .first("validation", Trained.PICTURES)
                .get("sample"))));
        assertTrue(scattered.get("likeness/nearest") < heldOut.get("likeness/nearest") - 0.2, scattered::toString);
    }

    /** By hand: of three others the second differs least. */
    @Test
    void theNearestHasTheLeastSquare() {
        Shots one = new Shots(new float[] {0, 0, 0.5f, -1}, 1, 2, 2);
        Shots others = new Shots(new float[] {1, 1, 1, 1, 0.1f, 0, 0.5f, -0.8f, 0.3f, 0, 0.5f, -1}, 1, 2, 2);
        assertEquals(1, one.nearest(0, others));
        assertEquals(0, one.nearest(0, new Shots(new float[8], 1, 2, 2)));
        // Squares of brightness: 0.05^2 and 0.1^2, of four pixels.
        assertEquals(-10 * Math.log10(0.0125 / 4), one.peakByNoise(0, others, 1), 1e-4);
    }

    @Test
    void picturesThatAreTooFewAreNotMeasured() {
        List<String> notes = new ArrayList<>();
        float[] one = Arrays.copyOf(data().first("validation", 1).get("sample"), Trained.SIZE * Trained.SIZE);
        try (Bench bench = new Bench(new ReferenceBackend(), Map.of(), data(), 1)) {
            Map<String, Double> measured = Bench.measured(out -> metric().measure(
                            settings(),
                            List.of(Trained.grid(one)),
                            bench.withLedger((_, _, sentence) -> notes.add(sentence)),
                            out));
            assertEquals(Map.of(), measured);
        }
        assertEquals(
                List.of("not evaluable: 1 drawn and 1 held-out pictures of 12 x 12; expected at least 10 of each, of at"
                        + " least 11 x 11"),
                notes);
    }
}
