package org.kolotoc.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Scan;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** Once compiled, a step leaves the JVM's heap alone, on all threads. */
class SteadyStepTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long PATIENCE_NANOS = 30_000_000_000L;
    private static final int STEPS = 200;
    private static final String GENERATED = "org.kolotoc.backend.cpu.codegen.Generated";

    @Test
    void oneThread() {
        allocatesNothing(1);
    }

    @Test
    void twoThreads() {
        allocatesNothing(2);
    }

    @Test
    void theMeasureSeesAnAllocation() {
        byte[][] kept = new byte[1][];
        assertTrue(allocated(() -> kept[0] = new byte[64]) >= 64 * STEPS);
    }

    /**
     * HotSpot compiles when it likes: the least of many windows counts, and one with nothing ends the wait. It was seen to leave
     * a kernel boxed for good, on some machines and in some processes: kernels of other sizes are other classes, and where all of
     * them are boxed nothing can be said of us. What our own code allocates is told from that, if
     * it is not little beside it.
     */
    private static void allocatesNothing(int threads) {
        List<Allocations> seen = new ArrayList<>();
        for (int batch : new int[] {96, 80, 112}) {
            Allocations allocations = allocations(threads, batch);
            if (allocations.bytes() == 0) {
                return;
            }
            seen.add(allocations);
        }
        assumeFalse(
                seen.stream().allMatch(Allocations::boxedAlone), () -> "HotSpot leaves vectors boxed here: " + seen);
        fail(seen.toString());
    }

    /**
     * The least of a number of steps.
     *
     * @param boxes samples of vectors that a kernel left boxed, by class and place
     * @param others of anything else in a step
     */
    private record Allocations(long bytes, Map<String, Integer> boxes, Map<String, Integer> others) {
        boolean boxedAlone() {
            return !boxes.isEmpty() && others.isEmpty();
        }
    }

    private static Allocations allocations(int threads, int batch) {
        Map<String, Buffer> buffers = new HashMap<>();
        try (CpuBackend backend = new CpuBackend(threads)) {
            Program program = training(batch);
            try (Executable executable = backend.compile(program)) {
                program.inputs()
                        .forEach((name, leaf) -> buffers.put(name, backend.allocate(leaf.dtype(), leaf.shape())));
                program.outputs()
                        .forEach((name, value) -> buffers.put(name, backend.allocate(value.dtype(), value.shape())));
                Executable.Step step = executable.bind(buffers);
                long least = Long.MAX_VALUE;
                long deadline = System.nanoTime() + PATIENCE_NANOS;
                while (least > 0 && System.nanoTime() - deadline < 0) {
                    least = Math.min(least, allocated(step::run));
                }
                Allocations allocations = new Allocations(least, new TreeMap<>(), new TreeMap<>());
                if (least > 0) {
                    look(step::run, allocations);
                }
                return allocations;
            }
        } finally {
            buffers.values().forEach(Buffer::close);
        }
    }

    /** Who allocates where, by HotSpot's own record. */
    private static void look(Runnable step, Allocations into) {
        try (Recording recording = new Recording()) {
            recording
                    .enable("jdk.ObjectAllocationSample")
                    .with("throttle", "1000/s")
                    .withStackTrace();
            recording.start();
            allocated(step);
            recording.stop();
            Path file = Files.createTempFile("steady", ".jfr");
            try {
                recording.dump(file);
                for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
                    sort(event, into);
                }
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void sort(RecordedEvent event, Allocations into) {
        List<String> frames = event.getStackTrace() == null
                ? List.of()
                : event.getStackTrace().getFrames().stream()
                        .map(frame -> frame.getMethod().getType().getName() + "."
                                + frame.getMethod().getName())
                        .toList();
        if (frames.stream().noneMatch(frame -> frame.startsWith("org.kolotoc."))) {
            return;
        }
        // The code of a kernel has no instruction that allocates: what is allocated in it is a vector, or its lanes.
        String first = frames.getFirst();
        boolean box = first.startsWith("jdk.incubator.vector.") || first.startsWith(GENERATED);
        String place = event.getClass("objectClass").getName() + " < "
                + String.join(" < ", frames.subList(0, Math.min(6, frames.size())));
        (box ? into.boxes() : into.others()).merge(place, 1, Integer::sum);
    }

    private static long allocated(Runnable step) {
        long before = THREADS.getTotalThreadAllocatedBytes();
        for (int i = 0; i < STEPS; i++) {
            step.run();
        }
        return THREADS.getTotalThreadAllocatedBytes() - before;
    }

    /** Embedding, norm, gelu, two products, a loop, cross-entropy, dropout, gradients and an update: every kind of launch. */
    private static Program training(int batch) {
        int width = 64;
        int vocab = 33;
        Tracer t = new Tracer();
        Tensor table = t.state("table", DType.F32, Shape.of(vocab, width));
        Tensor weight = t.state("weight", DType.F32, Shape.of(width, width));
        Tensor cache = t.state("cache", DType.F32, Shape.of(8, 4, width));
        Tensor tokens = t.feed("tokens", DType.I32, Shape.of(batch));
        Tensor key = t.feed("key", DType.I32, Shape.of(2));
        Tensor position = t.feed("position", DType.I32, Shape.scalar());
        Tensor x = table.gather(tokens);
        Tensor kept = t.uniform(key, x.shape()).lt(t.constant(0.9).broadcast(x.shape()));
        Tensor dropped = kept.select(x, x.constant(0).broadcast(x.shape()));
        Tensor hidden = read(dropped.matmul(weight).tanh(), weight);
        Tensor logits = hidden.matmul(table.matrixTranspose());
        Tensor shifted = logits.sub(logits.maxKeepDims(1).stopGradient());
        Tensor loss = shifted.exp().sumKeepDims(1).log().sub(shifted).sum();
        for (Tensor parameter : List.of(table, weight)) {
            Tensor gradient = Gradients.of(loss, List.of(parameter)).getFirst();
            t.update(parameter, parameter.sub(gradient.mul(1e-4)));
        }
        Tensor rows = hidden.slice(0, 0, 8).reshape(8, 1, width);
        t.update(cache, cache.dynamicUpdate(1, rows, position));
        t.output("loss", loss);
        return t.program();
    }

    /** Four steps of time, of which each goes on from the one before. */
    private static Tensor read(Tensor x, Tensor weight) {
        Tensor steps = x.reshape(4, -1, x.shape().extent(1));
        Tensor start = steps.slice(0, 0, 1).reshape(-1, x.shape().extent(1));
        return Scan.over(List.of(start), List.of(steps), step -> {
                    Tensor next = step.carry(0)
                            .matmul(step.capture(weight))
                            .add(step.input(0))
                            .tanh();
                    return new Scan.Next(List.of(next), List.of(next));
                })
                .outputs()
                .getFirst()
                .reshape(x.shape());
    }
}
