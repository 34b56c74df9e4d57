package org.kolotoc.api.claim;

import java.util.List;
import java.util.Map;
import org.kolotoc.api.Measure;
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
     * The same claim, by which way its measures get better as they are declared: what its settings leave open follows them.
     *
     * @param declared what the plugins of both sides declare of each measure; {@code NEITHER} where they do not say, or not the
     *     same
     * @throws org.kolotoc.api.InputError when its settings say the opposite, or nothing where nothing is declared; names the field
     */
    default Claim directed(Map<String, Measure.Better> declared) {
        return this;
    }

    /**
     * Judges it.
     *
     * @param trials runs of both sides, a pair for each seed
     * @param other name of the other side
     */
    Finding judge(List<Trial> trials, String other);
}
