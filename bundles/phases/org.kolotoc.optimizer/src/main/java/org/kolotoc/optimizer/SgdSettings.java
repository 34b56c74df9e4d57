package org.kolotoc.optimizer;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** How much of the last step goes on. */
public record SgdSettings(
        @Help("share of the last step that is taken again; 0 remembers nothing")
        @Range(min = 0, max = 0.99999)
        @Default("0.9")
        double momentum) {}
