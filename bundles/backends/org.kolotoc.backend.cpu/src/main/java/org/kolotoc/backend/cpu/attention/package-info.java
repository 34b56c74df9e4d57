/**
 * Attention by blocks of queries: the scores of one block are in a thread's own scratch memory and never anywhere else.
 */
package org.kolotoc.backend.cpu.attention;
