package org.kolotoc.eval.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.kolotoc.tck.GoldenFile;

/** Distances of Gaussians and likeness of pictures beside those of other implementations. */
class PictureStatisticsGoldenTest {
    /** As the file states it. */
    private static final double TOLERANCE = 1e-6;

    private final JsonObject golden = GoldenFile.of("statistics").json();

    @Test
    void theToleranceIsTheFiles() {
        assertTrue(golden.get("tolerance").getAsString().startsWith("1e-6 absolute"));
    }

    @Test
    void frechetDistance() {
        JsonObject fid = golden.getAsJsonObject("fid");
        double[] a = GoldenFile.numbers(fid.get("a"));
        Gaussian one = Gaussian.of(a, 8);
        Gaussian other = Gaussian.of(GoldenFile.numbers(fid.get("b")), 8);
        double expected = fid.get("fid").getAsDouble();
        assertEquals(expected, one.distance(other), TOLERANCE);
        assertEquals(expected, other.distance(one), TOLERANCE);
        assertEquals(fid.get("self").getAsDouble(), one.distance(one), TOLERANCE);
        JsonObject singular = fid.getAsJsonObject("singular");
        Gaussian few = Gaussian.of(Arrays.copyOf(a, 8 * singular.get("rows").getAsInt()), 8);
        assertEquals(singular.get("fid").getAsDouble(), few.distance(other), TOLERANCE);
    }

    @Test
    void likenessOfPictures() {
        JsonObject pictures = golden.getAsJsonObject("pictures");
        float[] a = GoldenFile.floats(pictures.get("a"));
        float[] b = GoldenFile.floats(pictures.get("b"));
        assertEquals(pictures.get("ssim").getAsDouble(), Similarity.structure(a, b, 16, 20), TOLERANCE);
        assertEquals(pictures.get("psnr").getAsDouble(), Similarity.peakByNoise(a, b), TOLERANCE);
        assertEquals(1, Similarity.structure(a, a, 16, 20), 1e-12);
        assertEquals(Double.POSITIVE_INFINITY, Similarity.peakByNoise(a, a));
        assertThrows(IllegalArgumentException.class, () -> Similarity.structure(a, b, 10, 32));
    }

    /** A root times itself is the matrix. */
    @Test
    void eigenvaluesPutTogetherAgain() {
        double[][] matrix = {{4, 1, 0.5}, {1, 3, -1}, {0.5, -1, 2}};
        double[][] root = Symmetric.of(matrix).with(Math::sqrt);
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                double product = 0;
                for (int k = 0; k < 3; k++) {
                    product += root[i][k] * root[k][j];
                }
                assertEquals(matrix[i][j], product, 1e-12);
            }
        }
    }
}
