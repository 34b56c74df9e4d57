/** Denoising diffusion: a model learns to tell noise from samples. */
package org.kolotoc.phase.denoise;
