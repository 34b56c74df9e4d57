package org.kolotoc.api.chat;

import org.kolotoc.api.Family;
import org.kolotoc.api.SeatKind;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The seat of a judge of answers: a rule that is known to be right, a scorer. Training never sees what it says where a phase
 * measures with it.
 *
 * @param <S> the settings record, see {@link org.kolotoc.api.Settings}
 */
@ConsumerType
@SeatKind(value = "judge", summary = "how good an answer is")
public interface JudgeFamily<S extends Record> extends Family<S, Judge> {}
