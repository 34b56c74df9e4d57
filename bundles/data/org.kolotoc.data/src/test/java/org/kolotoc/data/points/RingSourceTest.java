package org.kolotoc.data.points;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.DataSource;
import org.kolotoc.tck.BenchDataContext;
import org.kolotoc.tck.DataSourceConformance;
import org.kolotoc.tck.Toys;

class RingSourceTest extends DataSourceConformance<RingSettings> {
    @Override
    protected DataSource<RingSettings> source() {
        return new RingSource();
    }

    @Override
    protected RingSettings settings() {
        return new RingSettings(3, 1, 0.1, 31, 20);
    }

    @Override
    protected Map<String, Integer> axes() {
        return Map.of("batch", 3);
    }

    /** Means on the ring, the deviation along each axis, as many points of each. */
    @Test
    void itsPointsAreThoseOfTheGaussians() {
        int modes = 5;
        int count = 20_000;
        RingSettings settings = new RingSettings(modes, 2, 0.02, count, 10);
        Map<String, float[]> drawn = source().open(settings, new BenchDataContext(Path.of("."), 3, Toys::tokenizer))
                .first("train", count);
        double[][] sums = new double[modes][5];
        for (int i = 0; i < count; i++) {
            double[] sum = sums[(int) drawn.get("label")[i]];
            double x = drawn.get("sample")[2 * i];
            double y = drawn.get("sample")[2 * i + 1];
            sum[0] += x;
            sum[1] += y;
            sum[2]++;
        }
        for (int i = 0; i < count; i++) {
            double[] sum = sums[(int) drawn.get("label")[i]];
            sum[3] += Math.pow(drawn.get("sample")[2 * i] - sum[0] / sum[2], 2);
            sum[4] += Math.pow(drawn.get("sample")[2 * i + 1] - sum[1] / sum[2], 2);
        }
        for (int mode = 0; mode < modes; mode++) {
            double[] sum = sums[mode];
            assertEquals(count / modes, sum[2], "points of mode " + mode);
            assertEquals(2 * Math.cos(2 * Math.PI * mode / modes), sum[0] / sum[2], 0.002);
            assertEquals(2 * Math.sin(2 * Math.PI * mode / modes), sum[1] / sum[2], 0.002);
            assertEquals(0.02, Math.sqrt(sum[3] / sum[2]), 0.001);
            assertEquals(0.02, Math.sqrt(sum[4] / sum[2]), 0.001);
        }
    }
}
