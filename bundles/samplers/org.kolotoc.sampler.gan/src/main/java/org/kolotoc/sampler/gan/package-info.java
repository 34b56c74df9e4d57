/** Samples that a generator makes of noise. */
package org.kolotoc.sampler.gan;
