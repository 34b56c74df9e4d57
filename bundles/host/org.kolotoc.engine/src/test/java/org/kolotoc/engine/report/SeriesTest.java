package org.kolotoc.engine.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Points of a measure: means of neighbours, of all of them. */
final class SeriesTest {
    @Test
    void neighboursCountAlike() {
        Series series = new Series();
        for (int step = 0; step < 100_000; step++) {
            series.add(step, step % 2 == 0 ? 0 : 10);
        }
        assertTrue(series.smoothed());
        series.points().forEach(point -> assertEquals(5, point[1], 1e-9, () -> "at step " + point[0]));
    }

    @Test
    void stepsAreTheLastOfEachGroupAndOfAll() {
        Series series = new Series();
        for (int step = 1; step <= 1_001; step++) {
            series.add(step, step);
        }
        List<double[]> points = series.points();
        assertEquals(2, points.getFirst()[0]);
        assertEquals(1.5, points.getFirst()[1]);
        assertEquals(1_001, points.getLast()[0]);
        assertEquals(1_001, points.getLast()[1], "a group that is not full is the mean of what it has");
    }

    @Test
    void fewPointsAreWhatTheyAre() {
        Series series = new Series();
        series.add(3, 7);
        series.add(4, Double.NaN);
        series.add(5, Double.NEGATIVE_INFINITY);
        assertEquals(1, series.points().size());
        assertFalse(series.smoothed());
    }
}
