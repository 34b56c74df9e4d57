package org.kolotoc.data.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.DataSource;
import org.kolotoc.tck.BenchDataContext;
import org.kolotoc.tck.DataSourceConformance;
import org.kolotoc.tck.Toys;

class ShapesSourceTest extends DataSourceConformance<ShapesSettings> {
    @Override
    protected DataSource<ShapesSettings> source() {
        return new ShapesSource();
    }

    @Override
    protected ShapesSettings settings() {
        return new ShapesSettings(8, 3, 31, 20);
    }

    @Override
    protected Map<String, Integer> axes() {
        return Map.of("batch", 3);
    }

    private Map<String, float[]> drawn(long seed, String split) {
        return source().open(
                        new ShapesSettings(16, 10, 2000, 1000),
                        new BenchDataContext(Path.of("."), seed, Toys::tokenizer))
                .first(split, 1000);
    }

    @Test
    void theSeedDrawsThem() {
        assertTrue(Arrays.equals(
                drawn(1, "validation").get("sample"), drawn(1, "validation").get("sample")));
        assertFalse(Arrays.equals(
                drawn(1, "validation").get("sample"), drawn(2, "validation").get("sample")));
    }

    @Test
    void numbersAreThoseOfPictures() {
        float[] sample = drawn(1, "validation").get("sample");
        float least = 1;
        float most = -1;
        for (float number : sample) {
            least = Math.min(least, number);
            most = Math.max(most, number);
        }
        assertTrue(least >= -1 && most <= 1 && least < -0.95 && most > 0.95, least + " to " + most);
    }

    /** Each class can be told from the others: by the nearest of the mean pictures alone far more often than by chance. */
    @Test
    void classesDiffer() {
        Map<String, float[]> train = drawn(1, "train");
        Map<String, float[]> held = drawn(1, "validation");
        double[][] means = new double[10][256];
        for (int i = 0; i < 256_000; i++) {
            means[(int) train.get("label")[i / 256]][i % 256] += train.get("sample")[i] / 100;
        }
        int[] right = new int[10];
        for (int i = 0; i < 1000; i++) {
            int nearest = 0;
            double least = Double.POSITIVE_INFINITY;
            for (int label = 0; label < 10; label++) {
                double distance = 0;
                for (int at = 0; at < 256; at++) {
                    distance += Math.pow(held.get("sample")[i * 256 + at] - means[label][at], 2);
                }
                if (distance < least) {
                    least = distance;
                    nearest = label;
                }
            }
            right[(int) held.get("label")[i]] += nearest == (int) held.get("label")[i] ? 1 : 0;
        }
        assertTrue(Arrays.stream(right).sum() > 500, () -> Arrays.toString(right));
        assertTrue(Arrays.stream(right).allMatch(each -> each > 20), () -> Arrays.toString(right));
    }

    /** A disc of radius r covers pi r^2 pixels, smooth edge or not. */
    @Test
    void edgesAreSmoothAndAreasHold() {
        double[] covered = new double[Form.values().length];
        int across = 999;
        for (Form form : Form.values()) {
            for (int i = 0; i < across * across; i++) {
                double x = (i % across + 0.5) / (across / 4.0) - 2;
                double y = (i / across + 0.5) / (across / 4.0) - 2;
                covered[form.ordinal()] += form.distance(x, y) < 0 ? 16.0 / (across * across) : 0;
            }
        }
        assertEquals(Math.PI * 0.81, covered[Form.DISC.ordinal()], 0.02);
        assertEquals(Math.PI * (0.94 * 0.94 - 0.5 * 0.5), covered[Form.RING.ordinal()], 0.02);
        assertEquals(2.56, covered[Form.SQUARE.ordinal()], 0.03);
        assertEquals(1.7 * 1.7 - 0.9 * 0.9, covered[Form.FRAME.ordinal()], 0.04);
        assertEquals(2 * 1.05 * 1.05, covered[Form.DIAMOND.ordinal()], 0.02);
        assertEquals(3 * Math.sqrt(3) / 4, covered[Form.TRIANGLE.ordinal()], 0.02);
    }
}
