package org.kolotoc.backend.tornado;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.kolotoc.backend.tornado.graphs.DeviceProgram;
import org.kolotoc.backend.tornado.graphs.DeviceRun;
import org.kolotoc.backend.tornado.graphs.DeviceThread;
import org.kolotoc.backend.tornado.kernels.DeviceTask;
import org.kolotoc.backend.tornado.kernels.GeneratedKernel;
import org.kolotoc.backend.tornado.kernels.LibraryProduct;
import org.kolotoc.tensor.Backend.Compilation;

/**
 * Runs on one device, compiled. One that is given back waits for the next program of the same content, which then compiles
 * nothing. Keys are text: nothing here holds a plugin.
 */
final class DeviceRuns implements AutoCloseable {
    /** Runs that wait, where they may be closed; the oldest goes first. */
    private static final int MOST_IDLE = 8;

    private final Devices.Found device;
    private final DeviceThread thread;
    private final Map<String, Deque<DeviceRun>> idle = new LinkedHashMap<>();
    private int waiting;
    private Compilation compilation = Compilation.NONE;
    private long bytes;
    private long peak;

    DeviceRuns(Devices.Found device, DeviceThread thread) {
        this.device = device;
        this.thread = thread;
    }

    Devices.Found device() {
        return device;
    }

    /** The thread on which runs of this device are used. */
    DeviceThread thread() {
        return thread;
    }

    /** A run of that content that nobody else has. */
    synchronized DeviceRun take(DeviceProgram program) {
        Deque<DeviceRun> same = idle.get(key(program));
        if (same != null && !same.isEmpty()) {
            waiting--;
            return same.pop();
        }
        long began = System.nanoTime();
        DeviceRun run = thread.call(() -> new DeviceRun(program, device.device(), device.records()));
        compilation = new Compilation(
                compilation.kernels() + program.tasks().size(),
                compilation.seconds() + (System.nanoTime() - began) / 1e9);
        bytes += run.bytes();
        peak = Math.max(peak, bytes);
        return run;
    }

    synchronized void giveBack(DeviceProgram program, DeviceRun run) {
        idle.computeIfAbsent(key(program), _ -> new ArrayDeque<>()).push(run);
        waiting++;
        while (waiting > MOST_IDLE && device.letsClose()) {
            Deque<DeviceRun> oldest = idle.values().iterator().next();
            if (oldest.isEmpty()) {
                idle.remove(idle.keySet().iterator().next());
                continue;
            }
            free(oldest.removeLast());
            waiting--;
        }
    }

    private void free(DeviceRun run) {
        bytes -= run.bytes();
        thread.run(run::close);
    }

    /** Kernels compiled so far. */
    synchronized Compilation compilation() {
        return compilation;
    }

    /** Most bytes on the device so far. */
    synchronized long peak() {
        return peak;
    }

    /** Kernels are named by their content. */
    private static String key(DeviceProgram program) {
        StringBuilder content = new StringBuilder();
        for (DeviceTask task : program.tasks()) {
            content.append(
                    switch (task) {
                        case LibraryProduct product -> product.toString();
                        case GeneratedKernel kernel ->
                            kernel.className()
                                    + kernel.arguments()
                                    + kernel.parameters()
                                    + kernel.global()
                                    + kernel.local();
                    });
        }
        content.append(program.elements());
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(content.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public synchronized void close() {
        idle.values().forEach(same -> same.forEach(this::free));
        idle.clear();
        waiting = 0;
    }
}
