package org.kolotoc.eval.points;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Sample;
import org.kolotoc.api.image.Scatter;
import org.kolotoc.data.points.RingSettings;
import org.kolotoc.data.points.RingSource;
import org.kolotoc.tck.BenchDataContext;
import org.kolotoc.tck.MetricConformance;
import org.kolotoc.tck.Toys;
import org.kolotoc.tensor.CounterRandom;

class ModesMetricTest extends MetricConformance<ModesSettings> {
    private static final int POINTS = 2500;

    private static final Dataset RING = new RingSource()
            .open(new RingSettings(8, 2, 0.02, 20_000, POINTS), new BenchDataContext(Path.of("."), 1, Toys::tokenizer));

    @Override
    protected Metric<ModesSettings> metric() {
        return new ModesMetric();
    }

    @Override
    protected ModesSettings settings() {
        return new ModesSettings(20);
    }

    @Override
    protected String id() {
        return "modes";
    }

    @Override
    protected Dataset data() {
        return RING;
    }

    @Override
    protected List<Sample> high() {
        return List.of(scatter("validation").svg());
    }

    @Override
    protected List<Sample> low() {
        return List.of(scatter("validation").constant().svg(), noise().svg());
    }

    private static Scatter scatter(String split) {
        return new Scatter(RING.first(split, POINTS).get("sample"), new int[POINTS]);
    }

    private static Scatter noise() {
        CounterRandom random = new CounterRandom(1, "noise");
        float[] places = new float[2 * POINTS];
        for (int i = 0; i < places.length; i++) {
            places[i] = (float) (1.4 * random.normal(i));
        }
        return new Scatter(places, new int[POINTS]);
    }

    /** 1 - exp(-9/2) of a Gaussian of the plane is within three deviations. */
    @Test
    void heldOutPointsHaveAllModes() {
        Map<String, Double> measured = measured(high());
        assertEquals(8, measured.get("modes"));
        assertEquals(0.989, measured.get("modes/within-3"), 0.007);
        assertEquals(1, measured.get("modes/within-5"), 1e-3);
        assertEquals(0, measured.get("modes/divergence"), 1e-3);
        assertEquals(0.97, measured.get("modes/spread"), 0.02);
        assertEquals(0, measured.get("modes/copied"), 0.005);
        assertTrue(measured.get("modes/distinct") > 0.9, measured::toString);
    }

    @Test
    void whatIsNoRingIsToldByEachNumber() {
        Map<String, Double> noise = measured(List.of(noise().svg()));
        assertEquals(0, noise.get("modes"));
        assertTrue(noise.get("modes/within-5") < 0.05, noise::toString);
        Map<String, Double> one =
                measured(List.of(scatter("validation").constant().svg()));
        assertEquals(1, one.get("modes"));
        assertEquals(1.0 / POINTS, one.get("modes/distinct"), 1e-9);
        assertEquals(Math.log(8), one.get("modes/divergence"), 1e-9);
        float[] means = new float[2 * POINTS];
        for (int i = 0; i < POINTS; i++) {
            means[2 * i] = (float) (2 * Math.cos(Math.PI / 4 * i));
            means[2 * i + 1] = (float) (2 * Math.sin(Math.PI / 4 * i));
        }
        Map<String, Double> eight = measured(List.of(new Scatter(means, new int[POINTS]).svg()));
        assertEquals(8, eight.get("modes"));
        assertEquals(0, eight.get("modes/spread"), 0.1);
        Map<String, Double> copies = measured(List.of(scatter("train").svg()));
        assertEquals(1, copies.get("modes/copied"));
        Map<String, Double> none = measured(List.of(new Scatter(new float[] {Float.NaN, 0}, new int[1]).svg()));
        assertEquals(0, none.get("modes") + none.get("modes/within-5") + none.get("modes/copied"));
        assertEquals(Math.log(8), none.get("modes/divergence"), 1e-9);
    }

    /** A mode of which fewer points are left than are asked for is lost; the others have their share. */
    @Test
    void aModeThatIsLostIsMissed() {
        float[] all = RING.first("validation", POINTS).get("sample");
        float[] labels = RING.first("validation", POINTS).get("label");
        List<Float> left = new ArrayList<>();
        int ofFirst = 0;
        for (int i = 0; i < POINTS; i++) {
            if (labels[i] != 0 || ofFirst++ < 15) {
                left.add(all[2 * i]);
                left.add(all[2 * i + 1]);
            }
        }
        float[] places = new float[left.size()];
        for (int i = 0; i < places.length; i++) {
            places[i] = left.get(i);
        }
        Map<String, Double> measured = measured(List.of(new Scatter(places, new int[places.length / 2]).svg()));
        assertEquals(7, measured.get("modes"));
        assertTrue(measured.get("modes/divergence") > 0.05, measured::toString);
        // The mean of two samples.
        Map<String, Double> both =
                measured(List.of(new Scatter(places, new int[places.length / 2]).svg(), high().getFirst()));
        assertEquals(7.5, both.get("modes"));
    }
}
