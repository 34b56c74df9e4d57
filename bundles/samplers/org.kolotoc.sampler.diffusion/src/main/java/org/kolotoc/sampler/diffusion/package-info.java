/** Samples from noise, by a denoiser: ancestral sampling, DDIM, DPM-Solver++. */
package org.kolotoc.sampler.diffusion;
