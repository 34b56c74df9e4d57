package org.kolotoc.shell;

import java.util.Locale;

/** Numbers that a run measured, for people. */
final class Measures {
    private Measures() {}

    static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }
}
