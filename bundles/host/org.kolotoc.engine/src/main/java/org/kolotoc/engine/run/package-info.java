/** The loop: steps, evaluations, samples and checkpoints in their order, and what is written of them. */
package org.kolotoc.engine.run;
