package org.kolotoc.engine.judge;

import java.util.List;
import java.util.Optional;

/** Numbers that criteria are held against. */
@FunctionalInterface
public interface Evidence {
    /**
     * A measure.
     *
     * @param step after how many steps it was taken; -1 for the last time
     */
    Optional<Double> value(String metric, long step);

    /** A measure at every evaluation, the first one first. */
    default List<Double> series(String metric) {
        return List.of();
    }
}
