/** Denoisers: what of a noisy sample is noise. */
package org.kolotoc.model.diffusion;
