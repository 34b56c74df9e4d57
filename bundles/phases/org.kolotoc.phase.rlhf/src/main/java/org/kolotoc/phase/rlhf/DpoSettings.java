package org.kolotoc.phase.rlhf;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Memory;
import org.kolotoc.api.Settings.Range;

/** How fast to learn from pairs. */
public record DpoSettings(
        @Help("questions in a batch, each with its best and its worst answer")
        @Range(min = 1, max = 65_536)
        @Default("8")
        @Memory
        int batch,

        @Help("how much a reward weighs a nat of divergence from the reference")
        @Range(min = 1e-6, max = 1e6)
        @Default("0.1")
        double beta,

        @Help("highest learning rate") @Range(min = 0, max = 10) @Default("0.0001")
        double learningRate,

        @Help("learning rate at the last step, reached along a cosine") @Range(min = 0, max = 10) @Default("0.00001")
        double minLearningRate,

        @Help("steps in which the learning rate rises from 0") @Range(min = 0, max = 100_000_000) @Default("10")
        int warmup,

        @Help("longest gradient, all parameters together; 0 for any") @Range(min = 0, max = 1e9) @Default("1.0")
        double clip) {}
