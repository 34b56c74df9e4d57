package org.kolotoc.api.text;

import org.kolotoc.api.Plugin;
import org.kolotoc.api.Seat;
import org.kolotoc.api.SeatKind;
import org.kolotoc.tensor.CounterRandom;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The seat of a way to write: greedy, sampling with temperature, top-k, top-p.
 *
 * @param <S> the settings record, see {@link org.kolotoc.api.Settings}
 */
@ConsumerType
@SeatKind(value = Seat.DECODER, summary = "ways to write: greedy, sampling")
public interface Decoder<S extends Record> extends Plugin<S> {
    /**
     * Continues a prompt.
     *
     * @param prompt at least one token
     * @param count how many tokens to write
     * @param random draw {@code i} of this continuation is index {@code i}
     * @return the new tokens alone
     */
    int[] decode(S settings, LanguageSession session, int[] prompt, int count, CounterRandom random);
}
