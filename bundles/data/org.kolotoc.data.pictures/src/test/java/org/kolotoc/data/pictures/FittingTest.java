package org.kolotoc.data.pictures;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FittingTest {
    private static float[] fitted(Canvas canvas, PictureFile.Raster picture) {
        float[] numbers = new float[canvas.size()];
        new Fitting(canvas).write(picture, numbers, 0);
        return numbers;
    }

    private static PictureFile.Raster grey(int height, int width, float... values) {
        return new PictureFile.Raster(values, 1, height, width);
    }

    @Test
    void whatHasTheSizeStays() {
        assertArrayEquals(
                new float[] {-1, 1, 0, -0.5f}, fitted(new Canvas(1, 2, 2), grey(2, 2, 0, 1, 0.5f, 0.25f)), 1e-6f);
    }

    /** Bilinear: a quarter, three quarters of the way from one centre to the other. */
    @Test
    void whatGrowsIsInterpolated() {
        assertArrayEquals(
                new float[] {0, 0.25f, 0.75f, 1},
                Arrays.copyOf(shares(fitted(new Canvas(1, 4, 4), grey(2, 2, 0, 1, 0, 1))), 4),
                1e-6f);
    }

    private static float[] shares(float[] numbers) {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (numbers[i] + 1) / 2;
        }
        return numbers;
    }

    /** Every pixel has its part in it: of stripes an eighth is white, wherever it lies. */
    @Test
    void whatShrinksIsAveraged() {
        float[] stripes = new float[64 * 64];
        for (int i = 0; i < stripes.length; i++) {
            stripes[i] = i % 8 == 0 ? 1 : 0;
        }
        for (float number : fitted(new Canvas(1, 8, 8), grey(64, 64, stripes))) {
            assertEquals(2 * 0.125 - 1, number, 0.12);
        }
    }

    @Test
    void whatIsTooWideIsCutOnBothSides() {
        float[] numbers = fitted(new Canvas(1, 2, 2), grey(2, 6, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0, 1, 1));
        assertArrayEquals(new float[] {-1, -1, -1, -1}, numbers, 1e-6f);
    }

    @Test
    void coloursBecomeGreyByTheirLumaAndGreyAllColours() {
        PictureFile.Raster green = new PictureFile.Raster(new float[] {0, 1, 0}, 3, 1, 1);
        assertEquals(2 * 0.587f - 1, fitted(new Canvas(1, 1, 1), green)[0], 1e-6f);
        assertArrayEquals(new float[] {-1, 1, -1}, fitted(new Canvas(3, 1, 1), green), 1e-6f);
        assertArrayEquals(new float[] {1, 1, 1}, fitted(new Canvas(3, 1, 1), grey(1, 1, 1)), 1e-6f);
    }
}
