package org.kolotoc.phase.adversarial;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** How much it counts that other noise is another sample. */
public record ModeSeekingSettings(
        @Help("weight in the loss of the generator") @Range(min = 0, max = 1e6) @Default("1")
        double weight) {}
