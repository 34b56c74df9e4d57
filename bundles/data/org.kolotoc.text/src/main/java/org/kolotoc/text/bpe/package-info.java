/**
 * Byte-level byte-pair encoding: text is cut into pieces ({@link org.kolotoc.text.bpe.Split}), the UTF-8 bytes of a piece are
 * tokens, and pairs of neighbours become one token, the pair of the lowest rank first (Sennrich et al., arXiv:1508.07909;
 * Radford et al. 2019). {@link org.kolotoc.text.bpe.Trainer} learns the pairs from a text, the other seats read them from files.
 */
package org.kolotoc.text.bpe;
