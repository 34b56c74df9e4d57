package org.kolotoc.api.claim;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A run of each side with one seed.
 *
 * @param runs by the name of their side, in the order in which they are given
 */
public record Trial(long seed, Map<String, Outcome> runs) {
    /** Measure with the training operations that were spent up to an evaluation. */
    public static final String COST = "cost/flops";

    public Trial {
        runs = Collections.unmodifiableMap(new LinkedHashMap<>(runs));
    }

    /**
     * What came out of a run.
     *
     * @param failed whether it missed what is asked of every run; one that diverged always did
     * @param evaluations in their order, each with what it measured by name; none of a run that diverged, which has no quality
     */
    public record Outcome(boolean failed, List<Map<String, Double>> evaluations) {
        public Outcome {
            evaluations = List.copyOf(evaluations);
        }

        /** A measure as it was the last time; nothing where it was never taken, or is no finite number. */
        public OptionalDouble last(String measure) {
            return evaluations.reversed().stream()
                    .filter(evaluation -> evaluation.containsKey(measure))
                    .limit(1)
                    .mapToDouble(evaluation -> evaluation.get(measure))
                    .filter(Double::isFinite)
                    .findFirst();
        }
    }
}
