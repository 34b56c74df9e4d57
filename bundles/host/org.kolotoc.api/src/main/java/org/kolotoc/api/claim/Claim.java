package org.kolotoc.api.claim;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Something that is claimed of one of two sides. It is symmetric: where the runs of both change places, a claim that was
 * confirmed is refuted, and the other way round; where both sides are equal it is neither.
 */
@ConsumerType
public interface Claim {
    /** The side it is good for, by its name. */
    String favours();

    /**
     * What is claimed, in words.
     *
     * @param other name of the other side
     */
    String text(String other);

    /** Measures of a run that it reads; a comparison in which no run of a side has one of them is refused. */
    List<String> measures();

    /**
     * Judges it.
     *
     * @param trials runs of both sides, a pair for each seed
     * @param other name of the other side
     */
    Finding judge(List<Trial> trials, String other);
}
