package org.kolotoc.api;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/** Data opened for one run. */
@ConsumerType
public interface Dataset {
    /** What models need to know of the data: {@code vocab}. */
    Dimensions dimensions();

    /** Names of the parts: {@code train}, {@code validation}. */
    List<String> splits();

    /**
     * Batches of one part.
     *
     * @param axes extents of the batch: {@code batch}, {@code time}
     * @param seed decides the order in {@code train}; other parts have a fixed order
     * @throws InputError when the part does not exist or is shorter than one batch; says how long it is
     */
    Batches batches(String split, Map<String, Integer> axes, long seed);
}
