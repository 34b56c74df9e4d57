package org.kolotoc.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.kolotoc.nn.statistics.Concordance;

class ConcordanceTest {
    @Test
    void pairsAreCountedOnceAndTiesAreHalfRight() {
        Concordance order = new Concordance();
        order.addFalling(3, 2, 1, 2);
        assertEquals((3 + 1 + 0.5) / 6, order.accuracy(), 1e-9);
        assertEquals(3 / 6.0, order.tauA(), 1e-9);
        assertEquals(3 / Math.sqrt(6 * 5), order.tauB(), 1e-9);
    }

    /** Things of different groups are never compared. */
    @Test
    void pairsAreWithinOneGroup() {
        Concordance order = new Concordance();
        order.addFalling(9, 8);
        order.addFalling(2, 1);
        assertEquals(1, order.tauA());
        assertEquals(
                1.0 / 3,
                Concordance.of(new double[] {9, 8, 2, 1}, new double[] {0, -1, 0, -1})
                        .tauA(),
                1e-9);
    }

    /** What the second numbering leaves open says nothing for or against the first. */
    @Test
    void tiesOfTheSecondAreNoPairs() {
        Concordance order = Concordance.of(new double[] {3, 1, 2}, new double[] {5, 5, 4});
        assertEquals(0.5, order.accuracy());
        assertEquals(0, order.tauA());
        assertEquals(0, order.tauB());
        assertEquals(0, Concordance.of(new double[] {1, 2}, new double[] {7, 7}).accuracy());
        assertEquals(
                0.5,
                Concordance.of(new double[] {0.0, -0.0}, new double[] {2, 1}).accuracy());
    }

    @Test
    void anotherLengthIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Concordance.of(new double[2], new double[3]));
    }
}
