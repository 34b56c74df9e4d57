package org.kolotoc.eval.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ManifoldTest {
    private static Manifold line(float... places) {
        return Manifold.of(places, 1, places.length);
    }

    /**
     * By hand: from 0 and 5 the third nearest is 3 away, so that the real ones reach from -3 to 8, where 7 and 7.5 are; of the drawn
     * ones those at 7 and 9 reach 2 far and those between them 1.5, the two far ones no lower than 8.5, so that 5 alone is
     * within.
     */
    @Test
    void sixPlacesOnALine() {
        Manifold real = line(0, 1, 2, 3, 4, 5);
        Manifold drawn = line(7, 7.5f, 8.5f, 9, 30, 31);
        assertEquals(2.0 / 6, real.share(drawn), 1e-12);
        assertEquals(1.0 / 6, drawn.share(real), 1e-12);
    }

    /** Those behind are not looked at. */
    @Test
    void theFirstOnesAreLookedAt() {
        Manifold some = Manifold.of(new float[] {0, 1, 2, 3, 4, 5, 100, 200}, 1, 6);
        assertEquals(6, some.squares().length);
        assertEquals(2.0 / 6, some.share(line(7, 7.5f, 8.5f, 9, 30, 31)), 1e-12);
    }
}
