package org.kolotoc.data.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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

    /** In units of the square of the size that a form is drawn in. */
    private static double area(Form form) {
        return switch (form) {
            case DISC -> Math.PI * 0.9 * 0.9;
            case RING -> Math.PI * (0.94 * 0.94 - 0.5 * 0.5);
            case HALF -> Math.PI / 2;
            case SQUARE -> 1.6 * 1.6;
            case FRAME -> 1.7 * 1.7 - 0.9 * 0.9;
            case DIAMOND -> 2 * 1.05 * 1.05;
            case TRIANGLE -> 3 * Math.sqrt(3) / 4;
            case PLUS -> 2 * 1.9 * 0.54 - 0.54 * 0.54;
            case BAR -> 2 * 0.54;
            case STRIPES -> 2 * 1.8 * 0.4;
        };
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void formsHaveTheirAreas(Form form) {
        int across = 999;
        double covered = 0;
        for (int i = 0; i < across * across; i++) {
            double x = (i % across + 0.5) / (across / 4.0) - 2;
            double y = (i / across + 0.5) / (across / 4.0) - 2;
            covered += form.distance(x, y) < 0 ? 16.0 / (across * across) : 0;
        }
        assertEquals(area(form), covered, 0.02);
    }

    /** A pixel at an edge is between dark and bright, and all of them together are as bright as the form is large. */
    @ParameterizedTest
    @EnumSource(Form.class)
    void edgesAreSmooth(Form form) {
        int size = 28;
        Map<String, float[]> drawn = source().open(
                        new ShapesSettings(size, 10, 1, 2000), new BenchDataContext(Path.of("."), 1, Toys::tokenizer))
                .first("validation", 2000);
        double covered = 0;
        for (int picture = form.ordinal(); picture < 2000; picture += 10) {
            assertEquals(form.ordinal(), (int) drawn.get("label")[picture]);
            float[] numbers =
                    Arrays.copyOfRange(drawn.get("sample"), picture * size * size, (picture + 1) * size * size);
            float[] sorted = numbers.clone();
            Arrays.sort(sorted);
            double bright = sorted[sorted.length - 1] - sorted[0];
            int between = 0;
            for (float number : numbers) {
                double share = (number - sorted[0]) / bright;
                covered += share / 200;
                between += share > 0.05 && share < 0.95 ? 1 : 0;
            }
            assertTrue(between >= 20, between + " pixels of picture " + picture);
        }
        // The mean square of a size from 0.24 to 0.36 of the picture's.
        double square = 0.3 * 0.3 + 0.12 * 0.12 / 12;
        assertEquals(area(form) * square * size * size, covered, 0.08 * covered);
    }
}
