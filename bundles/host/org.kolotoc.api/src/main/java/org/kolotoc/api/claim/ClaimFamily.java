package org.kolotoc.api.claim;

import org.kolotoc.api.Family;
import org.kolotoc.api.SeatKind;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The seat of a kind of claim that a comparison may make of its sides.
 *
 * @param <S> the settings record, see {@link org.kolotoc.api.Settings}
 */
@ConsumerType
@SeatKind(value = ClaimFamily.KIND, summary = "what is claimed of two sides, judged from runs of both")
public interface ClaimFamily<S extends Record> extends Family<S, Claim> {
    String KIND = "claim";
}
