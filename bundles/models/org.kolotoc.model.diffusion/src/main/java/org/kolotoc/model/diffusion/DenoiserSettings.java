package org.kolotoc.model.diffusion;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Memory;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.nn.diffusion.Prediction;

/** How large a denoiser is, and what it tells. */
public record DenoiserSettings(
        @Help("width of the hidden layers, an even number") @Range(min = 2, max = 65_536) @Default("128") @Memory
        int width,

        @Help("hidden layers") @Range(min = 1, max = 1000) @Default("3") @Memory
        int layers,

        @Help("steps between a sample and noise") @Range(min = 1, max = 100_000) @Default("100")
        int timesteps,

        @Help("what it tells of a noisy sample: the noise in it, the sample in it, or the velocity between them")
        @Default("\"noise\"")
        Prediction predicts,

        @Help("whether it is told the class of a sample, of which one more is none") @Default("false")
        boolean labels) {}
