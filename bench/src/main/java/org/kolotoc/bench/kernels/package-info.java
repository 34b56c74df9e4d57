/** Kernels one by one, compiled from tensor programs as in a step, timed by JMH and held against the machine's limits. */
package org.kolotoc.bench.kernels;
