package org.kolotoc.api.text;

import org.kolotoc.api.Family;
import org.kolotoc.api.Seat;
import org.kolotoc.api.SeatKind;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The seat of a way to write: greedy, sampling with temperature, top-k, top-p.
 *
 * @param <S> the settings record, see {@link org.kolotoc.api.Settings}
 */
@SeatKind(value = Seat.DECODER, summary = "how the next token is chosen")
@ConsumerType
public interface DecoderFamily<S extends Record> extends Family<S, Decoder> {}
