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

    /** What a batch consists of; data that does not say it has the tokens and targets of language, none of them padding. */
    default List<Signature.Port> fields() {
        return Signature.parse("-> i32 tokens[batch,time]; i32 targets[batch,time]")
                .outputs();
    }

    /**
     * Batches of one part. All of a part that is not for training counts in a pass over it, once, whatever the extents.
     *
     * @param axes extents of the batch: {@code batch}, {@code time}
     * @param seed decides the order in {@code train}; other parts have a fixed order
     * @throws InputError when the part does not exist or is too short; says how long it is
     */
    Batches batches(String split, Map<String, Integer> axes, long seed);

    /**
     * Examples of a part on the heap, for who compares with them; of {@code train} in the order of a seed of its own. Axes of
     * the fields beside {@code batch} have the extents of the {@link #dimensions}.
     *
     * @param most how many; fewer where the part has fewer
     * @return elements by field, those of one example after the other's; whole numbers as they are, up to 2^24
     */
    default Map<String, float[]> first(String split, int most) {
        return FirstExamples.of(this, split, most);
    }

    /**
     * Data like this one that no criterion may let pass, by what was done to it: a model that does as well on targets that
     * belong to other inputs has learned nothing of them. None where nothing of that kind is known.
     */
    default Map<String, Dataset> controls() {
        return Map.of();
    }

    /** What it takes while it is open. */
    default Held held() {
        return new Held(0, 0);
    }

    /**
     * Bytes that data takes.
     *
     * @param memory of the process
     * @param files in {@link DataContext#scratch}: on disk, and in memory as far as the system has room to spare
     */
    record Held(long memory, long files) {}
}
