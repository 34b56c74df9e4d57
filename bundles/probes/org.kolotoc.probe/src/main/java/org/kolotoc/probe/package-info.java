/** Probes that find what they read in any traced program: gradients, layers, attention, updates, memory. */
package org.kolotoc.probe;
