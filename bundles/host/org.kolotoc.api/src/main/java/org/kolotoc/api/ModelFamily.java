package org.kolotoc.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * The seat of an architecture with free sizes: GPT, BERT, a generator.
 *
 * @param <S> the settings record, see {@link Settings}
 */
@ConsumerType
@SeatKind(
        value = Seat.MODEL,
        summary = "architectures with free sizes",
        reserved = {"data"})
public interface ModelFamily<S extends Record> extends Plugin<S> {
    /**
     * Fixes all sizes; computes nothing.
     *
     * @param data what the data states, such as {@code vocab}
     * @throws InputError naming the field, when values don't fit each other
     */
    Model create(S settings, Dimensions data);
}
