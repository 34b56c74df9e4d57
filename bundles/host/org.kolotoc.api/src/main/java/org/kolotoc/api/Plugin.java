package org.kolotoc.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * What all seats have in common: whoever fills one says which settings it takes.
 *
 * @param <S> the settings record, see {@link Settings}
 */
@ConsumerType
public interface Plugin<S extends Record> {
    /** The record of its settings: what its class gives for {@code S}. */
    @SuppressWarnings("unchecked")
    default Class<S> settings() {
        return (Class<S>) Settings.of(getClass())
                .orElseThrow(() -> new IllegalStateException(getClass().getName()
                        + " leaves open which settings it takes; expected an override of settings()"));
    }
}
