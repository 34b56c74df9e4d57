package org.kolotoc.text;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** Which words a metric counts. */
public record WordSettings(
        @Help("letters that a word must have to be counted") @Range(min = 1, max = 100) @Default("3")
        int letters) {}
