/**
 * The one pool of threads of the CPU backend. Work is cut into pieces that depend on shapes alone, never on the number
 * of threads, so results have the same bits on one core and on many.
 */
package org.kolotoc.backend.cpu.threads;
