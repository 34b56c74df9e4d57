package org.kolotoc.phase.denoise;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Memory;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.nn.Layout;
import org.kolotoc.nn.diffusion.NoiseSchedule;

/** Along which schedule samples become noise, and how fast to learn the way back. */
public record DenoiseSettings(
        @Help("samples in a batch") @Range(min = 1, max = 65_536) @Default("256") @Memory
        int batch,

        @Help("what a sample is: points, or pictures") @Default("\"points\"")
        Layout samples,

        @Help("how samples become noise: linear, by betas in equal steps, or cosine, by the signal that is left")
        @Default("\"linear\"")
        Schedule schedule,

        @Help("first beta of a linear schedule: the share of noise in the first step")
        @Range(min = 1e-7, max = 0.999)
        @Default("0.0001")
        double firstBeta,

        @Help("last beta of a linear schedule; 0.02 is meant for 1000 steps, 0.2 for 100")
        @Range(min = 1e-7, max = 0.999)
        @Default("0.02")
        double lastBeta,

        @Help("share of samples whose class is kept from the model, so that it knows samples of any class too")
        @Range(min = 0, max = 1)
        @Default("0.1")
        double dropLabels,

        @Help("memory of the averaged weights, which are the model \"average\", shorter in the first steps; 0 for none")
        @Range(min = 0, max = 0.999999)
        @Default("0")
        double average,

        @Help("highest learning rate") @Range(min = 0, max = 10) @Default("0.001")
        double learningRate,

        @Help("learning rate at the last step, reached along a cosine") @Range(min = 0, max = 10) @Default("0.0001")
        double minLearningRate,

        @Help("steps in which the learning rate rises from 0") @Range(min = 0, max = 100_000_000) @Default("100")
        int warmup,

        @Help("longest gradient, all parameters together; 0 for any") @Range(min = 0, max = 1e9) @Default("1.0")
        double clip) {
    /** How the share of noise grows. */
    public enum Schedule {
        LINEAR,
        COSINE
    }

    /** Of so many steps. */
    NoiseSchedule noise(int steps) {
        return switch (schedule) {
            case LINEAR -> NoiseSchedule.linear(steps, firstBeta, lastBeta);
            case COSINE -> NoiseSchedule.cosine(steps);
        };
    }

    boolean averages() {
        return average > 0;
    }
}
