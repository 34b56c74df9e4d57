package org.kolotoc.eval.image;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Memory;
import org.kolotoc.api.Settings.Range;

/** How a judge learns. */
public record JudgePhaseSettings(
        @Help("pictures in a batch") @Range(min = 1, max = 65_536) @Default("64") @Memory
        int batch,

        @Help("highest learning rate, which falls to 0 along a cosine") @Range(min = 0, max = 10) @Default("0.002")
        double learningRate,

        @Help("steps in which the learning rate rises from 0") @Range(min = 0, max = 100_000_000) @Default("20")
        int warmup) {}
