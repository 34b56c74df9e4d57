package org.kolotoc.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * The seat of data: turns files, or a seed, into a {@link Dataset}.
 *
 * @param <S> the settings record, see {@link Settings}
 */
@ConsumerType
@SeatKind(value = Seat.DATA, summary = "files, or a seed, as batches")
public interface DataSource<S extends Record> extends Plugin<S> {
    /**
     * Reads and checks the data.
     *
     * @throws InputError when it is missing or broken; says how to get it
     */
    Dataset open(S settings, DataContext context);
}
