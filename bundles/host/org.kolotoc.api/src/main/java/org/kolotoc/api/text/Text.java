package org.kolotoc.api.text;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A text of any length. Positions count UTF-16 units, as those of a {@link String} do; iterating gives its parts, each of
 * which fits into memory, from the first to the last. No part ends within a character.
 */
@ConsumerType
public interface Text extends Iterable<String> {
    /** Units of the whole. */
    long length();

    /**
     * A stretch of it. One that would begin or end within a character begins or ends before that character.
     *
     * @param from position of its first unit
     * @param length of the stretch, in units
     * @throws IndexOutOfBoundsException when it reaches beyond the text
     */
    String excerpt(long from, int length);

    /** A text that is one string. */
    static Text of(String text) {
        return new StringText(text);
    }
}
