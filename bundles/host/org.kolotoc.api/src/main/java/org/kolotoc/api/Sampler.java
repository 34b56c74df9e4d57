package org.kolotoc.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * The seat of a way to draw samples from models: text token by token, a grid of pictures, a walk from noise.
 *
 * @param <S> the settings record, see {@link Settings}
 */
@SeatKind(
        value = Seat.SAMPLER,
        summary = "how samples are drawn: text token by token, a grid of pictures",
        reserved = {"name", "model", "data", "at", "count"})
@ConsumerType
public interface Sampler<S extends Record> extends Plugin<S> {
    /** Models that it samples, and data that it compares with. A run may be sampled where its data is gone. */
    Needs needs(S settings);

    /**
     * Traces its programs and prepares them, over weights that training moves.
     *
     * @throws InputError naming the field, when settings don't fit each other, the models or the tokenizer
     */
    Sampling prepare(S settings, ProgramContext context);
}
