package org.kolotoc.api;

import org.kolotoc.tensor.Optimizer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The seat of an optimiser inside a phase.
 *
 * @param <S> the settings record, see {@link Settings}
 */
@ConsumerType
@SeatKind(value = Seat.OPTIMIZER, summary = "how gradients change weights")
public interface OptimizerFamily<S extends Record> extends Family<S, Optimizer> {}
