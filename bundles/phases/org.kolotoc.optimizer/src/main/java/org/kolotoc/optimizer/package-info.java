/** Optimisers: seats inside a phase. Their mathematics is in {@code org.kolotoc.nn}. */
package org.kolotoc.optimizer;
