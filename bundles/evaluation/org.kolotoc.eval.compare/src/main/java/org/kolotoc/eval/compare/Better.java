package org.kolotoc.eval.compare;

import java.util.Locale;
import java.util.Map;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Measure;

/** Which way a measure gets better. */
public enum Better {
    LOWER,
    HIGHER;

    private static final String FIELD = "better";

    /** How far a number is ahead of another. */
    double ahead(double of, double other) {
        return this == LOWER ? other - of : of - other;
    }

    /**
     * Which way a measure gets better.
     *
     * @param said by the claim; null where it says nothing
     * @param declared by those who take the measures
     * @throws InputError when both contradict each other, or neither says it
     */
    static Better of(Better said, String metric, Map<String, Measure.Better> declared) {
        Measure.Better way = declared.getOrDefault(metric, Measure.Better.NEITHER);
        if (way == Measure.Better.NEITHER) {
            if (said == null) {
                throw InputError.field(
                        FIELD,
                        "is missing, and " + metric
                                + " does not say itself which way it gets better; expected \"lower\" or"
                                + " \"higher\"");
            }
            return said;
        }
        Better follows = valueOf(way.name());
        if (said != null && said != follows) {
            throw InputError.field(
                    FIELD,
                    "is \"" + said + "\", and " + metric + " says itself that " + follows + " is better; expected \""
                            + follows + "\", or nothing");
        }
        return follows;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
