package org.kolotoc.backend.tornado;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.Writer;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.kolotoc.backend.tornado.graphs.GraphCut;
import org.kolotoc.backend.tornado.graphs.KernelClasses;
import org.kolotoc.backend.tornado.graphs.KernelTrial;
import org.kolotoc.backend.tornado.graphs.Target;
import org.kolotoc.backend.tornado.kernels.AttentionPrograms;
import org.kolotoc.backend.tornado.kernels.DeviceMemory.Purpose;
import org.kolotoc.backend.tornado.kernels.GeneratedKernel;
import org.kolotoc.backend.tornado.kernels.LibraryProduct;
import org.kolotoc.backend.tornado.kernels.PlanKernels;
import org.kolotoc.tck.BackendConformance;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.DeviceFailure;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;

/** What is done in a process with a {@link PretendedDevice}, and what it says of it: numbers by their names. */
final class PretendedWork {
    private static final int WARM_UP = 5;
    private static final int STEPS = 50;

    private final Properties told = new Properties();
    private final String device;

    /** Programs of the suite that all backends pass. */
    private abstract static class Suite extends BackendConformance {
        static Stream<Program> all() {
            return programs();
        }
    }

    private PretendedWork(String device) {
        this.device = device;
    }

    /** Takes what to do, on which device, and the file that gets the numbers. */
    public static void main(String[] line) throws IOException {
        PretendedWork work = new PretendedWork(line[1]);
        switch (line[0]) {
            case "steps" -> work.steps();
            case "kernels" -> work.kernels();
            case "room" -> work.room();
            case "faults" -> work.faults();
            case "rounded" -> work.rounded();
            default -> throw new IllegalArgumentException(line[0]);
        }
        try (Writer out = Files.newBufferedWriter(Path.of(line[2]))) {
            work.told.store(out, null);
        }
        // Threads of TornadoVM may be left.
        System.exit(0);
    }

    private void tell(String name, Object value) {
        told.setProperty(name, value.toString());
    }

    /** A whole training step of a language model: 128 wide, 4 heads, context 64, batch 12, one layer, AdamW. */
    private static Program trainingStep() {
        return Suite.all()
                .filter(program -> program.inputs().containsKey("tokens")
                        && program.inputs().get("tokens").shape().equals(Shape.of(12, 64)))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, Buffer> buffers(Backend backend, Program program) {
        Map<String, Buffer> buffers = new HashMap<>();
        program.inputs().forEach((name, input) -> buffers.put(name, backend.allocate(input.dtype(), input.shape())));
        program.outputs()
                .forEach((name, output) -> buffers.put(name, backend.allocate(output.dtype(), output.shape())));
        return buffers;
    }

    /** Steps as a phase takes them: feeds are written, the loss is read. */
    private void steps() {
        Program program = trainingStep();
        try (TornadoBackend all = new TornadoBackend()) {
            Backend backend = all.on(device);
            Backend.Device found = backend.devices().stream()
                    .filter(one -> one.id().startsWith(device))
                    .findFirst()
                    .orElseThrow();
            tell("device.memory", found.memory());
            tell("device.name", found.name());
            plan(program);
            Counts before = Counts.now();
            Executable executable = backend.compile(program);
            Map<String, Buffer> buffers = buffers(backend, program);
            Executable.Step step = executable.bind(buffers);
            float[] loss = new float[1];
            float[] rate = {1e-3f};
            int[] tokens = new int[12 * 64];
            long[] times = new long[STEPS];
            Counts warm = before;
            for (int i = -WARM_UP; i < STEPS; i++) {
                if (i == 0) {
                    warm = Counts.now();
                }
                Arrays.fill(tokens, i + WARM_UP);
                long began = System.nanoTime();
                buffers.get("tokens").write(tokens);
                buffers.get("rate").write(rate);
                step.run();
                buffers.get("loss").read(loss);
                times[Math.max(i, 0)] = System.nanoTime() - began;
            }
            warm.since(this, "step.", STEPS);
            before.since(this, "all.", 1);
            Arrays.sort(times);
            tell("step.milliseconds", times[STEPS / 2] / 1e6);
            tell("predicted.bytes", executable.explain().memory());
            tell("backend.peak", backend.memory().peak());
        }
    }

    /** What the plan foresees. */
    private void plan(Program program) {
        boolean library = device.startsWith("tornado:cuda");
        PlanKernels kernels = PlanKernels.of(
                program,
                PlanKernels.plan(program),
                library && System.getProperty("kolotoc.absent.tornado:cuda:cublas") == null);
        List<LibraryProduct> products = kernels.tasks().stream()
                .filter(LibraryProduct.class::isInstance)
                .map(LibraryProduct.class::cast)
                .toList();
        tell("plan.kernels", kernels.tasks().size() - products.size());
        tell(
                "plan.products",
                products.stream()
                        .mapToInt(p -> Math.min(p.call().get("outer"), p.call().get("inner")))
                        .sum());
        tell("plan.graphs", GraphCut.of(kernels.tasks()).size());
        tell("plan.feeds", bytes(kernels, EnumSet.of(Purpose.FEEDS)));
    }

    private static long bytes(PlanKernels kernels, Set<Purpose> purposes) {
        return kernels.elements().entrySet().stream()
                .filter(array -> purposes.contains(array.getKey().purpose()))
                .mapToLong(array -> (long) DType.BYTES * array.getValue())
                .sum();
    }

    /** Every kernel of the suite, each once: those that do not compile by their reasons. */
    private void kernels() {
        Map<String, GeneratedKernel> kernels = new LinkedHashMap<>();
        Stream.concat(Suite.all(), AttentionPrograms.all())
                .flatMap(program -> PlanKernels.of(program, PlanKernels.plan(program), false).tasks().stream())
                .map(GeneratedKernel.class::cast)
                .forEach(kernel -> kernels.putIfAbsent(kernel.className(), kernel));
        Devices.Found found = new Devices().find(device);
        Target target = found.target(new KernelClasses());
        StringBuilder faults = new StringBuilder();
        for (GeneratedKernel kernel : kernels.values()) {
            try {
                KernelTrial.source(kernel, target);
            } catch (RuntimeException | Error e) {
                faults.append(kernel.name()).append(": ").append(e).append('\n');
            }
        }
        tell("kernels", kernels.size());
        tell("images", Counts.now().get("images"));
        tell("faults", faults);
    }

    /** A program for which the device has no room. */
    private void room() {
        Program program = trainingStep();
        try (TornadoBackend all = new TornadoBackend()) {
            Backend backend = all.on(device);
            Executable executable = backend.compile(program);
            tell("predicted.bytes", executable.explain().memory());
            tell("device.memory", backend.memory().total());
            try {
                executable.bind(buffers(backend, program)).run();
                tell("failure", "");
            } catch (DeviceFailure e) {
                tell("failure", e.getMessage());
            }
            Counts.now().values().forEach(this::tell);
        }
    }

    /** A step whose products are in bf16. */
    private void rounded() {
        Program program = Suite.all()
                .filter(one -> one.updates().size() > 1
                        && one.nodes().stream().anyMatch(node -> node.op().equals(new Op.MatMul(Op.Precision.BF16))))
                .findFirst()
                .orElseThrow();
        try (TornadoBackend all = new TornadoBackend()) {
            Backend backend = all.on(device);
            try (Executable executable = backend.compile(program)) {
                executable.bind(buffers(backend, program)).run();
            }
            tell("products", Counts.now().get("products"));
            tell("launches", Counts.now().get("launches"));
        }
    }

    /** Steps until the device fails, and what is said of it then: by the step, by who reads later, by who closes. */
    private void faults() {
        Program program = trainingStep();
        tell("failure", "");
        try (TornadoBackend all = new TornadoBackend()) {
            Backend backend = all.on(device);
            Map<String, Buffer> buffers = buffers(backend, program);
            int steps = 0;
            try (Executable executable = backend.compile(program)) {
                Executable.Step step = executable.bind(buffers);
                float[] loss = new float[1];
                for (; steps < STEPS; steps++) {
                    buffers.get("tokens").write(new int[12 * 64]);
                    step.run();
                    buffers.get("loss").read(loss);
                }
            } catch (DeviceFailure e) {
                tell("failure", e.getMessage());
            }
            tell("steps", steps);
            tell("launches", Counts.now().get("launches"));
            String state = program.updates().keySet().iterator().next();
            try {
                buffers.get(state).read(new float[buffers.get(state).shape().size()]);
                tell("read", "");
            } catch (DeviceFailure e) {
                tell("read", e.getMessage());
            }
            tell("later", Counts.now().get("launches"));
        }
    }

    /** What the driver has counted. */
    private record Counts(Map<String, Long> values) {
        private static final List<String> NAMES = List.of(
                "launches",
                "products",
                "graphs",
                "graph_launches",
                "copies_up",
                "bytes_up",
                "copies_down",
                "bytes_down",
                "allocations",
                "bytes_asked",
                "bytes_held",
                "bytes_peak",
                "refusals",
                "images",
                "waits");

        @SuppressWarnings("restricted")
        static Counts now() {
            MethodHandle count = Linker.nativeLinker()
                    .downcallHandle(
                            SymbolLookup.libraryLookup("libcuda.so.1", Arena.global())
                                    .findOrThrow("pretended_count"),
                            FunctionDescriptor.of(JAVA_LONG, ADDRESS));
            try (Arena arena = Arena.ofConfined()) {
                return new Counts(NAMES.stream().collect(Collectors.toMap(name -> name, name -> {
                    try {
                        return (long) count.invokeExact(arena.allocateFrom(name));
                    } catch (Throwable e) {
                        throw new IllegalStateException(name, e);
                    }
                })));
            }
        }

        long get(String name) {
            return values.get(name);
        }

        /** Tells what was counted from then on, in equal parts. */
        void since(PretendedWork work, String prefix, int parts) {
            Counts now = now();
            values.forEach((name, before) -> work.tell(prefix + name, (now.get(name) - before) / (double) parts));
        }
    }
}
