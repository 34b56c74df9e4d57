package org.kolotoc.engine.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.kolotoc.engine.experiment.KeepCheckpoints.Best;
import org.kolotoc.engine.experiment.KeepCheckpoints.Direction;

final class KeepCheckpointsTest {
    private static final List<Long> STEPS =
            LongStream.rangeClosed(1, 10).mapToObj(i -> i * 10).toList();

    /** Measured after some of the steps. */
    private static final Map<Long, Double> LOSS =
            Map.of(10L, Double.NaN, 20L, 3.0, 30L, 1.0, 40L, 2.0, 60L, 1.0, 65L, 0.1, 80L, Double.POSITIVE_INFINITY);

    private static List<Long> kept(KeepCheckpoints keep) {
        List<Long> superfluous = keep.superfluous(
                STEPS, (name, step) -> name.equals("loss") ? Optional.ofNullable(LOSS.get(step)) : Optional.empty());
        return STEPS.stream().filter(step -> !superfluous.contains(step)).toList();
    }

    @Test
    void theLastOnes() {
        assertEquals(STEPS, kept(new KeepCheckpoints(0, 0, null)));
        assertEquals(List.of(100L), kept(new KeepCheckpoints(1, 0, null)));
        assertEquals(List.of(80L, 90L, 100L), kept(new KeepCheckpoints(3, 0, null)));
        assertEquals(STEPS, kept(new KeepCheckpoints(99, 0, null)));
    }

    @Test
    void everySoManySteps() {
        assertEquals(List.of(30L, 60L, 90L, 100L), kept(new KeepCheckpoints(1, 30, null)));
        assertEquals(List.of(100L), kept(new KeepCheckpoints(1, 1000, null)));
    }

    /** Of the steps that have a checkpoint; of two alike the earlier; never what is no number. */
    @Test
    void theBest() {
        assertEquals(List.of(30L, 100L), kept(new KeepCheckpoints(1, 0, new Best("loss", Direction.MIN, 1))));
        assertEquals(List.of(30L, 40L, 60L, 100L), kept(new KeepCheckpoints(1, 0, new Best("loss", Direction.MIN, 3))));
        assertEquals(List.of(80L, 100L), kept(new KeepCheckpoints(1, 0, new Best("loss", Direction.MAX, 1))));
        assertEquals(
                List.of(20L, 30L, 40L, 60L, 80L, 100L),
                kept(new KeepCheckpoints(1, 0, new Best("loss", Direction.MAX, 9))));
        assertEquals(List.of(100L), kept(new KeepCheckpoints(1, 0, new Best("reward", Direction.MAX, 9))));
    }
}
