package org.kolotoc.backend.tornado;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.kolotoc.backend.tornado.BoundRun.Role;
import org.kolotoc.backend.tornado.graphs.DeviceProgram;
import org.kolotoc.backend.tornado.graphs.DeviceRun;
import org.kolotoc.backend.tornado.graphs.KernelTrial;
import org.kolotoc.backend.tornado.kernels.DeviceMemory;
import org.kolotoc.backend.tornado.kernels.GeneratedKernel;
import org.kolotoc.backend.tornado.kernels.LibraryProduct;
import org.kolotoc.backend.tornado.kernels.PlanKernels;
import org.kolotoc.compiler.Plan;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Explanation;
import org.kolotoc.tensor.Lifetime;
import org.kolotoc.tensor.Origin;
import org.kolotoc.tensor.Program;

/** A plan with its kernels. */
final class TornadoExecutable implements Executable {
    private final Program program;
    private final Plan plan;
    private final PlanKernels kernels;
    private final DeviceRuns runs;
    private final Map<String, Integer> positions = new HashMap<>();
    private final List<Taken> taken = new ArrayList<>();
    private final Map<Plan.Buffer.Literal, TornadoBuffer> literals = new HashMap<>();
    private final Lifetime backend;
    private final Lifetime lifetime = new Lifetime("the program");
    private final Consumer<TornadoExecutable> closed;

    /** A run on the device that this executable holds. */
    private record Taken(DeviceProgram program, DeviceRun device, BoundRun bound) {}

    /** The program with its buffers: on the device from the first run on, once more from the first measured run on. */
    private final class Bound implements Step {
        private final List<BoundRun.Use> uses;
        private BoundRun plain;
        private BoundRun measured;

        Bound(List<BoundRun.Use> uses) {
            this.uses = uses;
        }

        @Override
        public synchronized void run() {
            inUse(() -> {
                requireBuffers();
                if (plain == null) {
                    plain = take(false, uses);
                }
                plain.run();
                return null;
            });
        }

        /** Before a device compiles for a run that is refused. */
        private void requireBuffers() {
            uses.forEach(use -> use.buffer().requireOpen());
        }

        /** The time of a task that does the work of several launches is theirs in equal parts. */
        @Override
        public synchronized void run(long[] nanoseconds) {
            if (nanoseconds.length != positions.size()) {
                throw new IllegalArgumentException("the program has " + positions.size() + " kernels, got room for "
                        + nanoseconds.length + " times");
            }
            if (!runs.device().tellsTimes()) {
                throw new UnsupportedOperationException("TornadoVM tells no times of kernels on "
                        + runs.device().id());
            }
            long[] tasks = inUse(() -> {
                requireBuffers();
                if (measured == null) {
                    measured = take(true, uses);
                }
                return measured.measure();
            });
            Arrays.fill(nanoseconds, 0);
            for (int task = 0; task < tasks.length; task++) {
                List<String> launches = kernels.launches().get(task);
                for (String launch : launches) {
                    nanoseconds[positions.get(launch)] += tasks[task] / launches.size();
                }
            }
        }
    }

    /**
     * A program that is not on the device yet.
     *
     * @param backend ends not before its steps
     * @param closed is told when it has given back what it had
     */
    TornadoExecutable(
            Program program, Plan plan, DeviceRuns runs, Lifetime backend, Consumer<TornadoExecutable> closed) {
        this.program = program;
        this.plan = plan;
        this.kernels = PlanKernels.of(program, plan, runs.hasLibrary(program));
        this.runs = runs;
        this.backend = backend;
        this.closed = closed;
        List<Explanation.Kernel> told = explained().kernels();
        for (int i = 0; i < told.size(); i++) {
            positions.put(told.get(i).name(), i);
        }
        for (Plan.Buffer buffer : plan.buffers()) {
            if (buffer instanceof Plan.Buffer.Literal literal) {
                literals.put(literal, TornadoBuffer.of(literal.elements()));
            }
        }
    }

    private <T> T inUse(Supplier<T> work) {
        return backend.use(() -> lifetime.use(work));
    }

    private DeviceProgram onDevice(boolean measured) {
        return new DeviceProgram(
                kernels.tasks(),
                kernels.launches().stream().map(this::described).toList(),
                kernels.elements(),
                measured);
    }

    /** {@code kernel block0.mlp.tanh#7, asked for at Gpt.java:41}, or of the first of several launches. */
    private String described(List<String> launches) {
        String first = launches.getFirst();
        Origin origin = plan.origins().get(first);
        return "kernel " + first
                + (origin == null || origin.source().isEmpty() ? "" : ", asked for at " + origin.source() + ",");
    }

    private synchronized BoundRun take(boolean measured, List<BoundRun.Use> uses) {
        DeviceProgram wanted = onDevice(measured);
        DeviceRun device = runs.take(wanted);
        BoundRun bound = new BoundRun(device, uses, runs.thread());
        taken.add(new Taken(wanted, device, bound));
        return bound;
    }

    @Override
    public Step bind(Map<String, Buffer> buffers) {
        return inUse(() -> bound(program.bound(buffers, TornadoBuffer.class)));
    }

    private Step bound(Map<String, TornadoBuffer> buffers) {
        List<BoundRun.Use> uses = new ArrayList<>();
        for (int i = 0; i < plan.buffers().size(); i++) {
            PlanKernels.Place place = kernels.places().get(i);
            switch (plan.buffers().get(i)) {
                case Plan.Buffer.Bound(String name, DType _, int _) ->
                    uses.add(new BoundRun.Use(buffers.get(name), place, role(name)));
                case Plan.Buffer.Literal literal ->
                    uses.add(new BoundRun.Use(literals.get(literal), place, Role.STATE));
                case Plan.Buffer.Scratch _ -> {}
            }
        }
        return new Bound(uses);
    }

    private Role role(String name) {
        if (program.isState(name)) {
            return program.updates().containsKey(name) ? Role.UPDATED_STATE : Role.STATE;
        }
        return program.inputs().containsKey(name) ? Role.FEED : Role.RESULT;
    }

    /** A device shares no array between two plans: states that another program updates are there once more. */
    @Override
    public Explanation explain() {
        return inUse(this::explained);
    }

    private Explanation explained() {
        long scratch = kernels.elements().entrySet().stream()
                .filter(array -> array.getKey().purpose() == DeviceMemory.Purpose.SCRATCH)
                .mapToLong(array -> (long) DType.BYTES * array.getValue())
                .sum();
        long copies = program.inputs().entrySet().stream()
                .filter(input ->
                        program.isState(input.getKey()) && !program.updates().containsKey(input.getKey()))
                .mapToLong(input -> input.getValue().shape().bytes())
                .sum();
        return plan.explain(
                program, scratch + copies + LibraryProduct.workspace(kernels.tasks()) - plan.scratchBytes());
    }

    /** Launches whose kernels differ in their parameters alone share one source. */
    @Override
    public Optional<String> source(String kernel) {
        return Optional.ofNullable(kernels.byLaunch().get(kernel))
                .map(tasks -> tasks.stream()
                        .map(task -> switch (task) {
                            case LibraryProduct product -> "// cuBLAS: " + product.call();
                            case GeneratedKernel generated -> source(kernel, generated);
                        })
                        .collect(Collectors.joining("\n")));
    }

    private String source(String launch, GeneratedKernel kernel) {
        String first = kernels.byLaunch().entrySet().stream()
                .filter(entry -> entry.getValue().stream()
                        .anyMatch(task -> task instanceof GeneratedKernel other
                                && other.className().equals(kernel.className())))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
        return first.equals(launch)
                ? runs.thread().call(() -> KernelTrial.source(kernel, runs.target()))
                : "// that of " + first + ", elsewhere";
    }

    @Override
    public void close() {
        lifetime.end(() -> {
            List<Runnable> ends = new ArrayList<>();
            for (Taken run : taken) {
                ends.add(run.bound()::leave);
                ends.add(() -> runs.giveBack(run.program(), run.device()));
            }
            literals.values().forEach(literal -> ends.add(literal::close));
            ends.add(() -> closed.accept(this));
            InOrder.all(ends);
        });
    }
}
