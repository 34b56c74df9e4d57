package org.kolotoc.backend.tornado;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.backend.tornado.graphs.DeviceProgram;
import org.kolotoc.backend.tornado.graphs.DeviceRun;
import org.kolotoc.backend.tornado.graphs.DeviceThread;
import org.kolotoc.backend.tornado.graphs.KernelClasses;
import org.kolotoc.backend.tornado.graphs.Target;
import org.kolotoc.backend.tornado.kernels.DeviceTask;
import org.kolotoc.backend.tornado.kernels.GeneratedKernel;
import org.kolotoc.backend.tornado.kernels.LibraryProduct;
import org.kolotoc.tensor.Backend.Compilation;
import org.kolotoc.tensor.Backend.Compiling;
import org.kolotoc.tensor.DeviceFailure;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Program;

/**
 * Runs on one device, compiled. One that is given back waits for the next program of the same content, which then compiles
 * nothing. Keys are text: nothing here holds a plugin.
 */
final class DeviceRuns implements AutoCloseable {
    /** Runs that wait, where they may be closed; the oldest goes first. */
    private static final int MOST_IDLE = 8;

    private final Devices.Found device;
    private final Target target;
    private final DeviceThread thread;
    private final Map<String, Deque<DeviceRun>> idle = new LinkedHashMap<>();
    private int waiting;
    private volatile Compilation compilation = Compilation.NONE;
    private volatile Going compiling;
    private long bytes;
    private long peak;

    /** A compilation that has not ended. */
    private record Going(int done, int all, long began, long reached) {}

    /** @param classes kernels that its devices know */
    DeviceRuns(Devices.Found device, KernelClasses classes, DeviceThread thread) {
        this.device = device;
        this.target = device.target(classes);
        this.thread = thread;
    }

    Devices.Found device() {
        return device;
    }

    Target target() {
        return target;
    }

    /**
     * Whether the library forms the products of a program: one on a device without units for bf16 and tf32 would not round
     * operands, which generated kernels do.
     */
    boolean hasLibrary(Program program) {
        boolean rounded = program.nodes().stream()
                .anyMatch(node ->
                        node.op() instanceof Op.MatMul(Op.Precision precision) && precision != Op.Precision.F32);
        return device.hasLibrary() && (!rounded || thread.call(target.watch()::rounds));
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
        requireRoom(program);
        DeviceRun run = compile(program);
        bytes += run.bytes();
        peak = Math.max(peak, bytes);
        return run;
    }

    /** Before anything is taken. */
    private void requireRoom(DeviceProgram program) {
        long left = device.memory() - bytes;
        long free = thread.call(target.watch()::free).orElse(left);
        if (program.bytes() <= Math.min(left, free)) {
            return;
        }
        boolean others = program.bytes() <= left;
        throw new DeviceFailure(
                device.id() + " has " + device.memory() + " bytes, of which programs that were compiled before take "
                        + bytes + (free < left ? ", other processes " + (left - free) : "") + ": "
                        + Math.min(left, free) + " are free, and this one takes " + program.bytes() + ": "
                        + (others
                                ? "wait for the others or end them (nvidia-smi shows them)"
                                : "make the batch or the model smaller (./kolotoc explain says what takes most)"),
                null);
    }

    private DeviceRun compile(DeviceProgram program) {
        long began = System.nanoTime();
        int all = program.tasks().size();
        compiling = new Going(0, all, began, began);
        try {
            DeviceRun run = thread.call(() ->
                    DeviceRun.of(program, target, done -> compiling = new Going(done, all, began, System.nanoTime())));
            compilation = new Compilation(compilation.kernels() + all, compilation.seconds() + seconds(began));
            return run;
        } finally {
            compiling = null;
        }
    }

    private static double seconds(long began) {
        return (System.nanoTime() - began) / 1e9;
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
    Compilation compilation() {
        return compilation;
    }

    /** What is compiled at the moment; another thread waits for that. */
    Optional<Compiling> compiling() {
        return Optional.ofNullable(compiling)
                .map(going -> new Compiling(
                        going.done(), going.all(), (going.reached() - going.began()) / 1e9, seconds(going.began())));
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
        content.append(program.elements()).append(program.measured());
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
        List<Runnable> ends = new ArrayList<>();
        idle.values().forEach(same -> same.forEach(run -> ends.add(() -> free(run))));
        idle.clear();
        waiting = 0;
        InOrder.all(ends);
    }
}
