package org.kolotoc.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * What all seats have in common: whoever fills one says which settings it takes.
 *
 * @param <S> the settings record, see {@link Settings}
 */
@ConsumerType
public interface Plugin<S extends Record> {
    Class<S> settings();
}
