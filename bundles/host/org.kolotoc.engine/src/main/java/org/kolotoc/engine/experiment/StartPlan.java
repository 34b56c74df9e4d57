package org.kolotoc.engine.experiment;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** Weights of another run that a model begins with. */
public record StartPlan(
        @Help("its folder") String run,

        @Help("of the checkpoint; -1 for the newest") @Range(min = -1) @Default("-1")
        long step,

        @Help("SHA-256 of the checkpoint's tensors; any if not given") @Default("\"\"")
        String sha256,

        @Help("the model's name in that run; the same as here if not given") @Default("\"\"")
        String model) {}
