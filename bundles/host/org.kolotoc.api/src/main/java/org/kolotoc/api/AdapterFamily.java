package org.kolotoc.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * The seat of an adapter inside a phase.
 *
 * @param <S> the settings record, see {@link Settings}
 */
@ConsumerType
@SeatKind(
        value = Seat.ADAPTER,
        summary = "few parameters that are trained in the place of a model's",
        reserved = {"model"})
public interface AdapterFamily<S extends Record> extends Family<S, Adapter> {}
