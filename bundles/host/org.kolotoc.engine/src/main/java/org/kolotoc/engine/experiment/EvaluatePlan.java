package org.kolotoc.engine.experiment;

import java.util.List;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** When held-out data is measured besides before the first and after the last step of each phase. */
public record EvaluatePlan(
        @Help("steps between; 0 for the moments of \"at\" only") @Range(min = 0) @Default("0")
        long every,

        @Help("moments: 250, \"finetune:20\"") @Default("[]")
        List<Moment> at) {}
