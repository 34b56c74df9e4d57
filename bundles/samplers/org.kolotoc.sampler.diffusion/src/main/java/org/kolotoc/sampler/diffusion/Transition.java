package org.kolotoc.sampler.diffusion;

/**
 * One step towards a sample: {@code x' = noisy x + sample s + previous s' + noise z}, of what is there, the sample that is
 * foreseen in it, the one foreseen a step before, and a standard normal.
 *
 * @param time step of the schedule at which the denoiser is asked, from 0
 */
record Transition(int time, double noisy, double sample, double previous, double noise) {}
