package org.kolotoc.engine.verdict;

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
}
