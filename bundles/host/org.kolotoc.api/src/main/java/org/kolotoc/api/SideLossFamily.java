package org.kolotoc.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * The seat of a loss that a phase adds to its own.
 *
 * @param <S> the settings record, see {@link Settings}
 */
@ConsumerType
@SeatKind(value = "side-loss", summary = "what is added to the loss of a model that makes samples")
public interface SideLossFamily<S extends Record> extends Family<S, SideLoss> {}
