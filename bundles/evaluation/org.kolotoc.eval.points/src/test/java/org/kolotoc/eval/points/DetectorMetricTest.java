package org.kolotoc.eval.points;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Sample;
import org.kolotoc.api.image.Scatter;
import org.kolotoc.data.points.RingSettings;
import org.kolotoc.data.points.RingSource;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.BenchDataContext;
import org.kolotoc.tck.MetricConformance;
import org.kolotoc.tck.Toys;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.reference.ReferenceBackend;

class DetectorMetricTest extends MetricConformance<DetectorSettings> {
    private static final int POINTS = 500;

    private static final Dataset RING = new RingSource()
            .open(new RingSettings(8, 2, 0.1, 2000, POINTS), new BenchDataContext(Path.of("."), 1, Toys::tokenizer));

    @Override
    protected Metric<DetectorSettings> metric() {
        return new DetectorMetric();
    }

    @Override
    protected DetectorSettings settings() {
        return new DetectorSettings(16, 150, 32);
    }

    @Override
    protected String id() {
        return "detector";
    }

    @Override
    protected Dataset data() {
        return RING;
    }

    @Override
    protected List<Sample> high() {
        CounterRandom random = new CounterRandom(1, "noise");
        float[] places = new float[2 * POINTS];
        for (int i = 0; i < places.length; i++) {
            places[i] = (float) (0.5 * random.normal(i));
        }
        return List.of(new Scatter(places, new int[POINTS]).svg());
    }

    @Override
    protected List<Sample> low() {
        return List.of(points().svg());
    }

    /** Others than the held-out ones. */
    private static Scatter points() {
        return new Scatter(RING.first("train", POINTS).get("sample"), new int[POINTS]);
    }

    @Test
    void pointsOfTheDataAreNotToldAndOthersAre() {
        assertEquals(0.5, measured(low()).get("detector"), 0.12);
        assertTrue(measured(high()).get("detector") > 0.97);
        assertTrue(measured(List.of(points().constant().svg())).get("detector") > 0.9);
        float[] none = {Float.NaN, 0, Float.POSITIVE_INFINITY, 1};
        assertEquals(1, measured(List.of(new Scatter(none, new int[2]).svg())).get("detector"), 0.5);
    }

    /** Of fifty held-out points and ten times as many made ones: a fifth of fifty of each, so that holding all for made is no skill. */
    @Test
    void asManyOfEachKindAreTried() {
        Dataset few = new RingSource()
                .open(new RingSettings(8, 2, 0.1, 2000, 50), new BenchDataContext(Path.of("."), 1, Toys::tokenizer));
        try (Bench bench = new Bench(new ReferenceBackend(), Map.of(), few, 1)) {
            double right = 20
                    * Bench.measured(out -> metric().measure(settings(), low(), bench, out))
                            .get("detector");
            assertEquals(Math.rint(right), right, 1e-9, "of 20 points");
        }
    }
}
