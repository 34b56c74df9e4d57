package org.kolotoc.eval.compare;

import java.util.Locale;

/** Which way a measure gets better. */
public enum Better {
    LOWER,
    HIGHER;

    /** How far a number is ahead of another. */
    double ahead(double of, double other) {
        return this == LOWER ? other - of : of - other;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
