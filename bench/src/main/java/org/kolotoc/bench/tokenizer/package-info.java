/** Tokens a second, beside another implementation on the same rank files. */
package org.kolotoc.bench.tokenizer;
