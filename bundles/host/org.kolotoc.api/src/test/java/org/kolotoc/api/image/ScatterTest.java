package org.kolotoc.api.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.kolotoc.api.Sample;

class ScatterTest {
    @Test
    void whatIsDrawnIsReadToTheLastBit() {
        float[] places = {
            0.1f, -1 / 3f, Float.MIN_VALUE, -0f, Math.nextUp(2f), 1e-20f, 3e30f, Float.NaN, Float.POSITIVE_INFINITY, 7
        };
        Scatter read = Scatter.of(new Scatter(places, new int[] {0, 7, 3, 0, 12}).svg());
        assertArrayEquals(new int[] {0, 7, 3, 0, 12}, read.labels());
        for (int i = 0; i < places.length; i++) {
            assertEquals(Float.floatToIntBits(places[i]), Float.floatToIntBits(read.places()[i]), "number " + i);
        }
    }

    @Test
    void noPointsAreAPictureToo() {
        Sample empty = new Scatter(new float[0], new int[0]).svg();
        assertEquals(0, Scatter.of(empty).count());
        assertTrue(empty.text().contains("viewBox"), empty::text);
    }

    @Test
    void whatIsNoScatterIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Scatter.of(Sample.text("points")));
        IllegalArgumentException error = assertThrows(
                IllegalArgumentException.class, () -> new Scatter(new float[] {1, 2, 3}, new int[] {0, 0}));
        assertTrue(error.getMessage().contains("expected 4"), error::getMessage);
    }
}
