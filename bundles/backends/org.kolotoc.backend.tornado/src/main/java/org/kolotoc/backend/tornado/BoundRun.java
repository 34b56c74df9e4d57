package org.kolotoc.backend.tornado;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.kolotoc.backend.tornado.graphs.DeviceRun;
import org.kolotoc.backend.tornado.graphs.DeviceThread;
import org.kolotoc.backend.tornado.kernels.PlanKernels.Place;
import org.kolotoc.tensor.DType;

/** A program on a device, bound to buffers: brings up what the host has newer, runs, and marks what is newer there. */
final class BoundRun {
    private final DeviceRun device;
    private final DeviceThread thread;
    private final List<Use> uses;
    private final List<Bond> feeds;
    private final List<Bond> states;
    private final List<Bond> written;

    /** How a run treats a buffer. */
    enum Role {
        FEED,
        STATE,
        UPDATED_STATE,
        RESULT
    }

    /** A buffer and where it lies on the device. */
    record Use(TornadoBuffer buffer, Place place, Role role) {}

    /** A use and the version of the buffer that the device has; -1 while it has none. */
    private static final class Bond implements TornadoBuffer.Place {
        private final Use use;
        private final DeviceRun device;
        private final DeviceThread thread;
        private long version = -1;

        Bond(Use use, DeviceRun device, DeviceThread thread) {
            this.use = use;
            this.device = device;
            this.thread = thread;
        }

        @Override
        public void fetch(MemorySegment to) {
            fetch();
            MemorySegment.copy(host(), 0, to, 0, bytes());
        }

        /** Into the host's copy of the array. */
        void fetch() {
            thread.run(() -> device.fetch(use.place(), use.buffer().shape().size()));
        }

        boolean isStale() {
            return use.buffer().version() != version;
        }

        /** Puts the buffer's content into the host's copy of the array. */
        void prepare() {
            MemorySegment.copy(use.buffer().content(), 0, host(), 0, bytes());
            version = use.buffer().version();
        }

        private MemorySegment host() {
            return device.host(use.place().memory())
                    .asSlice((long) DType.BYTES * use.place().offset(), bytes());
        }

        private long bytes() {
            return use.buffer().shape().bytes();
        }
    }

    BoundRun(DeviceRun device, List<Use> uses, DeviceThread thread) {
        this.device = device;
        this.thread = thread;
        this.uses = uses;
        List<Bond> bonds =
                uses.stream().map(use -> new Bond(use, device, thread)).toList();
        this.feeds = bonds.stream().filter(b -> b.use.role() == Role.FEED).toList();
        this.states = bonds.stream()
                .filter(b -> b.use.role() == Role.STATE || b.use.role() == Role.UPDATED_STATE)
                .toList();
        this.written = bonds.stream()
                .filter(b -> b.use.role() == Role.RESULT || b.use.role() == Role.UPDATED_STATE)
                .toList();
    }

    synchronized void run() {
        prepare();
        thread.run(device::run);
        written();
    }

    /** Runs, to the same bits; nanoseconds of each task. */
    synchronized long[] measure() {
        prepare();
        long[] nanoseconds = thread.call(device::measure);
        written();
        return nanoseconds;
    }

    private void prepare() {
        uses.forEach(use -> use.buffer().requireOpen());
        feeds.forEach(Bond::prepare);
        if (!device.isLoaded() || states.stream().anyMatch(Bond::isStale)) {
            // All states go up together: what is newer on the device comes down before.
            states.stream().filter(state -> !state.isStale()).forEach(Bond::fetch);
            states.stream().filter(Bond::isStale).forEach(Bond::prepare);
            thread.run(device::load);
        }
    }

    private void written() {
        written.forEach(bond -> bond.version = bond.use.buffer().writtenAt(bond));
    }

    /** Brings down what only this device has. */
    synchronized void leave() {
        if (device.isLost()) {
            // Who reads one of them hears of it.
            return;
        }
        written.forEach(bond -> bond.use.buffer().leave(bond));
    }
}
