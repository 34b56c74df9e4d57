package org.kolotoc.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The seat of a training phase: which loss, and when weights change.
 *
 * @param <S> the settings record, see {@link Settings}
 */
@ConsumerType
@SeatKind(value = Seat.PHASE, summary = "which loss, and when weights change")
public interface Phase<S extends Record> extends Plugin<S> {
    /** Everything that its steps and its evaluations measure, the most telling first; nothing else may be put. */
    List<Measure> measures(S settings);

    /**
     * Checks that the models fit, traces the phase's programs and binds them.
     *
     * @throws InputError naming what the model or the data lacks
     */
    Training prepare(S settings, PhaseContext context);
}
