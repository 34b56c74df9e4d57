package org.kolotoc.engine.device;

import org.kolotoc.tensor.Backend;

/**
 * A backend for one experiment.
 *
 * @param own whether it belongs to the experiment alone, and ends with it
 */
public record Lent(Backend backend, boolean own) implements AutoCloseable {
    /** Ends what belongs to the experiment alone. */
    @Override
    public void close() {
        if (own) {
            backend.close();
        }
    }
}
