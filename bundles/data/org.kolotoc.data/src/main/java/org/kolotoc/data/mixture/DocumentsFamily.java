package org.kolotoc.data.mixture;

import org.kolotoc.api.Family;
import org.kolotoc.api.SeatKind;

/**
 * The seat of where documents come from.
 *
 * @param <S> the settings record, see {@link org.kolotoc.api.Settings}
 */
@SeatKind(value = "documents", summary = "texts that have nothing to do with each other")
public interface DocumentsFamily<S extends Record> extends Family<S, Documents> {}
