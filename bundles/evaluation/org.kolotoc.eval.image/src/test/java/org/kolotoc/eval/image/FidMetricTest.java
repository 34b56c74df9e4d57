package org.kolotoc.eval.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Model;
import org.kolotoc.api.Sample;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.MetricConformance;
import org.kolotoc.tensor.reference.ReferenceBackend;

class FidMetricTest extends MetricConformance<FidSettings> {
    @Override
    protected Metric<FidSettings> metric() {
        return new FidMetric();
    }

    @Override
    protected FidSettings settings() {
        return new FidSettings(0.8, 60, 60);
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
        assertTrue(measured.get("fid") < 0.02 * measured.get("fid/gaussian"), measured::toString);
        assertEquals(1, measured.get("fid/precision"));
        assertEquals(1, measured.get("fid/recall"));
        assertEquals(1, measured.get("fid/distinct"));
        assertEquals(0.25, measured.get("fid/rarest-class"), 0.1);
        assertEquals(0, measured.get("fid/copied"), 0.05);
        assertTrue(measured.get("fid/judge") > 0.9, measured::toString);
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
