package org.kolotoc.api.text;

import org.kolotoc.tensor.CounterRandom;
import org.osgi.annotation.versioning.ConsumerType;

/** A way to write. */
@ConsumerType
@FunctionalInterface
public interface Decoder {
    /**
     * Continues a prompt.
     *
     * @param prompt at least one token
     * @param count how many tokens to write
     * @param random draw {@code i} of this continuation is index {@code i}
     * @return the new tokens alone
     */
    int[] decode(LanguageSession session, int[] prompt, int count, CounterRandom random);
}
