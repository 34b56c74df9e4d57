package org.kolotoc.model.gan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;

class HalvingsTest {
    private static String refused(int height, int width, int count) {
        return assertThrows(InputError.class, () -> of(height, width, count)).getMessage();
    }

    private static Halvings of(int height, int width, int count) {
        Dimensions data = new Dimensions(Map.of("channel", 1, "height", height, "width", width));
        return Halvings.of(Collections.nCopies(count, 8), data);
    }

    /** What works of the numbers, if any does, and of the pictures. */
    @Test
    void whatWorksIsSaid() {
        assertTrue(refused(28, 28, 3)
                .endsWith("expected 1 to 2 numbers, or pictures of a height and a width that 8 divides"));
        for (int[] odd : List.of(new int[] {27, 27}, new int[] {28, 27}, new int[] {1, 64})) {
            String message = refused(odd[0], odd[1], 2);
            assertFalse(message.contains("numbers, or"), message);
            assertTrue(message.endsWith("expected pictures of a height and a width that 4 divides"), message);
        }
        assertEquals(7, of(28, 28, 2).rows());
    }
}
