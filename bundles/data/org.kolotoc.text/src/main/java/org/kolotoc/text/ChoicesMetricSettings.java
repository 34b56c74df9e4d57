package org.kolotoc.text;

import java.util.List;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** What is measured of gaps that were filled. */
public record ChoicesMetricSettings(
        @Help("kinds of gaps that count and that are measured each; all count, and none is measured alone, if not"
                + " given")
        @Default("[]")
        List<String> kinds,

        @Help("order of an n-gram of words that is counted in the training text and fills the same gaps; 0 for none")
        @Range(min = 0, max = 9)
        @Default("0")
        int ngram) {}
