package org.kolotoc.backend.tornado;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.kolotoc.backend.tornado.graphs.DeviceRun;
import org.kolotoc.tensor.Executable;

/** A program on a device, bound to buffers: brings up what the host has newer, runs, and marks what is newer there. */
final class BoundRun implements Executable.Step {
    private final DeviceRun device;
    private final List<Bond> bonds;

    /**
     * A buffer and the array that stands for it on the device.
     *
     * @param number of the plan's buffer
     * @param feed whether it goes up with every run
     * @param input whether kernels may read what the host gave
     * @param written whether a run leaves new content
     */
    record Use(TornadoBuffer buffer, int number, boolean feed, boolean input, boolean written) {}

    /** A use and the version of the buffer that the device has; -1 while it has none. */
    private static final class Bond implements TornadoBuffer.Place {
        private final Use use;
        private final DeviceRun device;
        private long version = -1;

        Bond(Use use, DeviceRun device) {
            this.use = use;
            this.device = device;
        }

        @Override
        public void fetch(MemorySegment to) {
            device.fetch(use.number());
            MemorySegment.copy(
                    device.host(use.number()).getSegment(),
                    0,
                    to,
                    0,
                    4L * use.buffer().shape().size());
        }

        boolean isStale() {
            return use.input() && use.buffer().version() != version;
        }

        /** Puts the buffer's content into the host's copy of the array. */
        void prepare() {
            long bytes = 4L * use.buffer().shape().size();
            MemorySegment.copy(
                    use.buffer().content(), 0, device.host(use.number()).getSegment(), 0, bytes);
            version = use.buffer().version();
        }
    }

    BoundRun(DeviceRun device, List<Use> uses) {
        this.device = device;
        this.bonds = uses.stream().map(use -> new Bond(use, device)).toList();
    }

    @Override
    public synchronized void run() {
        boolean load = !device.isLoaded();
        for (Bond bond : bonds) {
            if (bond.use.feed()) {
                bond.prepare();
            } else {
                load |= bond.isStale();
            }
        }
        if (load) {
            // All states go up together: what is newer on the device comes down before.
            bonds.stream().filter(bond -> bond.use.input() && !bond.use.feed()).forEach(Bond::prepare);
            device.load();
        }
        device.run();
        for (Bond bond : bonds) {
            if (bond.use.written()) {
                bond.version = bond.use.buffer().writtenAt(bond);
            }
        }
    }

    /** Brings down what only this device has. */
    synchronized void leave() {
        bonds.forEach(bond -> bond.use.buffer().leave(bond));
    }
}
