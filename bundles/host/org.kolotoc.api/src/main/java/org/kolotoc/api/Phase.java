package org.kolotoc.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The seat of a training phase: which loss, and when weights change.
 *
 * @param <S> the settings record, see {@link Settings}
 */
@ConsumerType
@SeatKind(
        value = Seat.PHASE,
        summary = "which loss, and when weights change",
        reserved = {"name", "data", "models", "start", "steps", "evaluateAt", "optimizer", "adapter"})
public interface Phase<S extends Record> extends Plugin<S> {
    /** Models and data that it trains with. */
    Needs needs(S settings);

    /** Everything that its steps and its evaluations measure, the most telling first; nothing else may be put. */
    List<Measure> measures(S settings);

    /**
     * Traces the phase's programs and prepares them. What is needed is there; nothing was computed yet, and phases before
     * this one have yet to train.
     *
     * @throws InputError naming the field, when settings don't fit each other, the models or the data
     */
    Training prepare(S settings, PhaseContext context);
}
