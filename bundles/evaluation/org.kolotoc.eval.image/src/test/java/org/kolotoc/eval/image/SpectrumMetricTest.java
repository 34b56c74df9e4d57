package org.kolotoc.eval.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Settings;
import org.kolotoc.tck.MetricConformance;

class SpectrumMetricTest extends MetricConformance<Settings.None> {
    @Override
    protected Metric<Settings.None> metric() {
        return new SpectrumMetric();
    }

    @Override
    protected Settings.None settings() {
        return new Settings.None();
    }

    @Override
    protected String id() {
        return "spectrum";
    }

    @Override
    protected Dataset data() {
        return Trained.SHAPES;
    }

    /** Each pixel by itself is as fine as can be. */
    @Override
    protected List<Sample> high() {
        return List.of(Trained.grid(Trained.SHAPES
                .controls()
                .get("scattered")
                .first("validation", Trained.PICTURES)
                .get("sample")));
    }

    @Override
    protected List<Sample> low() {
        return List.of(Trained.real("train"));
    }

    @Test
    void onlyHeldOutPicturesHaveTheirSpectrum() {
        assertEquals(0, measured(List.of(Trained.real("validation"))).get("spectrum"), 0.01);
        assertTrue(measured(low()).get("spectrum/fine") < measured(high()).get("spectrum/fine"));
    }

    /** So many waves are at that place, with half the square of their height as their power. */
    @Test
    void wavesAreWhereTheyBelong() {
        int height = 20;
        int width = 12;
        float[] picture = new float[height * width];
        for (int i = 0; i < picture.length; i++) {
            picture[i] = (float) (0.5 + 0.1 * Math.cos(2 * Math.PI * 3 * (i % width) / width));
        }
        double[] powers = Spectrum.of(picture, height, width).powers();
        assertEquals(6, powers.length);
        double all = 0;
        for (int i = 0; i < powers.length; i++) {
            all += powers[i];
            assertEquals(i == 2, powers[i] > 1e-6, "wave " + (i + 1));
        }
        assertTrue(all > 0);
    }
}
