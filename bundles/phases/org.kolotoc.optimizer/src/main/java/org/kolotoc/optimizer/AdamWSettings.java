package org.kolotoc.optimizer;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** How long it remembers, and how fast weights decay. */
public record AdamWSettings(
        @Help("share of a weight matrix that is lost a step, times the learning rate")
        @Range(min = 0, max = 10)
        @Default("0.1")
        double weightDecay,

        @Help("memory of the mean gradient") @Range(min = 0, max = 0.99999) @Default("0.9")
        double beta1,

        @Help("memory of the mean squared gradient") @Range(min = 0, max = 0.9999999) @Default("0.99")
        double beta2,

        @Help("added to the root of the mean square") @Range(min = 0, max = 1) @Default("1e-8")
        double epsilon) {}
