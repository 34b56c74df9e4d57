/** Reward models: which of several answers is better. */
package org.kolotoc.phase.reward;
