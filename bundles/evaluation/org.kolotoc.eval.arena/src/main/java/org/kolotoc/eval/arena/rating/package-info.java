/** Strengths from battles of two: estimates, how sure they are, and ranks. Nothing here reads a file or prints. */
package org.kolotoc.eval.arena.rating;
