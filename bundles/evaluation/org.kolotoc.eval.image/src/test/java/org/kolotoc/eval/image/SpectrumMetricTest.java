package org.kolotoc.eval.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    /** The same kind of pictures as they are, those that were trained on have another one. */
    @Test
    void onlyHeldOutPicturesHaveTheirSpectrum() {
        Sample heldOut =
                Trained.grid(data().first("validation", Trained.HELD_OUT).get("sample"));
        assertEquals(0, measured(List.of(heldOut)).get("spectrum"), 1e-3);
        Sample trained = Trained.grid(data().first("train", Trained.HELD_OUT).get("sample"));
        assertTrue(measured(List.of(trained)).get("spectrum") > 0.01);
        assertTrue(measured(low()).get("spectrum/fine") < measured(high()).get("spectrum/fine"));
    }

    /**
     * Waves of 0.1 along the width, the height and both are at their place, and there alone: all coefficients there together have
     * half the square of their height, which is the variance.
     */
    @ParameterizedTest
    @CsvSource({"0, 3, 3", "5, 0, 3", "5, 4, 5", "10, 0, 6"})
    void wavesAreWhereTheyBelong(int down, int right, int place) {
        int height = 20;
        int width = 12;
        double[] coefficients = new double[7];
        float[] picture = new float[height * width];
        double variance = 0;
        for (int i = 0; i < picture.length; i++) {
            int y = i / width;
            int x = i % width;
            double wave = 0.1 * Math.cos(2 * Math.PI * (down * y / (double) height + right * x / (double) width));
            picture[i] = (float) (0.5 + wave);
            variance += wave * wave / picture.length;
            // The place of each coefficient, in waves along the shorter side.
            long distance = Math.round(Math.hypot(Math.min(y, height - y) * 0.6, Math.min(x, width - x)));
            if (distance < 7) {
                coefficients[(int) distance]++;
            }
        }
        assertEquals(down == 10 ? 0.01 : 0.005, variance, 1e-9);
        double[] powers = Spectrum.of(picture, height, width).powers();
        assertEquals(6, powers.length);
        for (int wave = 1; wave <= 6; wave++) {
            double share = powers[wave - 1] * coefficients[wave] / picture.length;
            assertEquals(wave == place ? variance : 0, share, 1e-8, "wave " + wave);
        }
    }
}
