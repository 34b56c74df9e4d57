/** Adversarial training: a generator learns to make what a discriminator can't tell from data. */
package org.kolotoc.phase.adversarial;
