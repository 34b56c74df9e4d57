package org.kolotoc.phase.pretrain.objective;

import org.kolotoc.api.Family;
import org.kolotoc.api.SeatKind;

/**
 * The seat of what a model is pre-trained to predict, where that is not the token that follows.
 *
 * @param <S> the settings record, see {@link org.kolotoc.api.Settings}
 */
@SeatKind(value = "objective", summary = "what is hidden of a text and has to be predicted")
public interface ObjectiveFamily<S extends Record> extends Family<S, Objective> {}
