package org.kolotoc.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class InitializerTest {
    private static float[] filled(Initializer initializer, long seed, String name, int size) {
        float[] values = new float[size];
        initializer.fill(values, seed, name);
        return values;
    }

    @Test
    void aParameterMayBeginWithGivenValues() {
        float[] given = {1, -2, 3.5f};
        Initializer values = new Initializer.Values(given);
        given[0] = 9;
        assertArrayEquals(new float[] {1, -2, 3.5f}, filled(values, 7, "w", 3));
        assertEquals(values, new Initializer.Values(1, -2, 3.5f));
        assertNotEquals(values, new Initializer.Values(1, -2, 3));
    }

    @Test
    void anInitializerOfOnesOwnDrawsFromTheSeedAndTheName() {
        Initializer alternating = (random, index) -> index % 2 == 0 ? index : random.normal(index);
        float[] one = filled(alternating, 1, "a", 4);
        assertEquals(2, one[2]);
        assertArrayEquals(one, filled(alternating, 1, "a", 4));
        assertEquals(filled(new Initializer.Normal(1), 1, "a", 4)[3], one[3]);
        assertNotEquals(one[1], filled(alternating, 2, "a", 4)[1]);
        assertNotEquals(one[1], filled(alternating, 1, "b", 4)[1]);
    }

    @Test
    void valuesThatAreTooFewAreRefusedWithTheParameter() {
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> Parameter.of("head.scale", new Initializer.Values(1, 2), 3))
                .getMessage();
        assertTrue(message.contains("'head.scale' of shape [3] has 3 elements, and begins with 2 values"), message);
    }
}
