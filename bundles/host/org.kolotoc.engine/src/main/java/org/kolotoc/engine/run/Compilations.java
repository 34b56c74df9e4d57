package org.kolotoc.engine.run;

import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.event.Event;
import org.kolotoc.tensor.Backend;

/** Tells what was compiled since it was told last, of a device whose compiler takes time. */
final class Compilations {
    private final Backend backend;
    private final Client client;
    private Backend.Compilation told = Backend.Compilation.NONE;

    Compilations(Backend backend, Client client) {
        this.backend = backend;
        this.client = client;
    }

    void tell() {
        Backend.Compilation now = backend.compilation();
        if (now.seconds() - told.seconds() >= 1) {
            client.tell(
                    new Event.Compiled(backend.id(), now.kernels() - told.kernels(), now.seconds() - told.seconds()));
        }
        told = now;
    }
}
