package org.kolotoc.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ScheduleTest {
    @Test
    void theCosineRisesThenFallsToTheFloor() {
        Schedule schedule = new Schedule.Cosine(1, 0.1, 10, 111);
        assertEquals(1 / 11.0, schedule.at(0), 1e-12);
        assertEquals(10 / 11.0, schedule.at(9), 1e-12);
        assertEquals(1, schedule.at(10), 1e-12);
        assertEquals(0.55, schedule.at(60), 1e-12);
        assertEquals(0.1, schedule.at(110), 1e-12);
        assertEquals(0.1, schedule.at(1000), 1e-12);
        for (int step = 11; step < 111; step++) {
            assertTrue(schedule.at(step) < schedule.at(step - 1));
        }
    }

    @Test
    void theLineFallsEvenly() {
        Schedule schedule = new Schedule.Linear(2, 0, 0, 5);
        assertEquals(2, schedule.at(0), 1e-12);
        assertEquals(1.5, schedule.at(1), 1e-12);
        assertEquals(0, schedule.at(4), 1e-12);
        assertEquals(0, schedule.at(5), 1e-12);
    }

    @Test
    void aWarmUpLongerThanTheTrainingOnlyRises() {
        Schedule schedule = new Schedule.Cosine(1, 0, 100, 3);
        assertTrue(schedule.at(0) < schedule.at(1) && schedule.at(1) < schedule.at(2));
    }

    @Test
    void aConstantIsOne() {
        assertEquals(3, new Schedule.Constant(3).at(7), 0);
    }
}
