package org.kolotoc.data;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** Which text, and how it is cut. */
public record TextSettings(
        @Help("a UTF-8 file: its path from the experiment's folder or below a data folder, or the name"
                + " \"tinyshakespeare\"")
        String path,

        @Help("share of the characters, from the start, that is for training; the rest is for validation")
        @Range(min = 0.01, max = 0.99)
        @Default("0.9")
        double train) {}
