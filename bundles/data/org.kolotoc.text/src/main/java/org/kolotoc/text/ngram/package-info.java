/** Counts of words behind words: the language model before neural ones, as a baseline and as a table. */
package org.kolotoc.text.ngram;
