package org.kolotoc.bench;

import org.kolotoc.backend.cpu.CpuBackend;
import org.kolotoc.backend.tornado.TornadoBackend;

/** What our side computes on. */
record OurBackend(CountedBackend backend, AutoCloseable all) implements AutoCloseable {
    /** The id of the processor, on which the other side computes. */
    static final String CPU = "cpu";

    /** A backend by its id: {@code cpu}, {@code tornado}, or a device of that. */
    static OurBackend of(String id, int threads) {
        if (id.equals(CPU)) {
            CpuBackend cpu = new CpuBackend(threads);
            return new OurBackend(new CountedBackend(cpu), cpu);
        }
        TornadoBackend tornado = new TornadoBackend();
        return new OurBackend(new CountedBackend(tornado.on(id)), tornado);
    }

    String name() {
        return "kolotoc on " + backend.device();
    }

    /** Operations of all that ran on it so far. */
    double flops() {
        return backend.counted().sum();
    }

    @Override
    public void close() {
        try {
            all.close();
        } catch (Exception e) {
            throw new IllegalStateException("the backend " + backend.id() + " does not close: " + e.getMessage(), e);
        }
    }
}
