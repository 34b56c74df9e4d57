/** Encoder and decoder: T5, BART. */
package org.kolotoc.model.seq2seq;
