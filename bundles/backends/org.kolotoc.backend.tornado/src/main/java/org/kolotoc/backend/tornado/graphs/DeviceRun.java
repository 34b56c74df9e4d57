package org.kolotoc.backend.tornado.graphs;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import org.kolotoc.backend.tornado.kernels.DeviceMemory;
import org.kolotoc.backend.tornado.kernels.DeviceMemory.Purpose;
import org.kolotoc.backend.tornado.kernels.DeviceTask;
import org.kolotoc.backend.tornado.kernels.PlanKernels.Place;
import org.kolotoc.backend.tornado.kernels.TouchKernel;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.DeviceFailure;
import uk.ac.manchester.tornado.api.DataRange;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.enums.ProfilerMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * A program as one execution plan, with the arrays that it works on. The first graph brings states up, is run only when the
 * host has newer ones, and keeps everything on the device; the others take what they need from it. Feeds go up with
 * every run; anything else comes down when it is asked for. To be used on the {@link DeviceThread}.
 */
public final class DeviceRun implements AutoCloseable {
    /** Names must differ in all plans of a process: drivers keep kernels by them. */
    private static final AtomicLong NAMES = new AtomicLong();

    private static final long FIRST = 0;
    private static final int MARK = 0x4b4f4c4f;
    /** Not a number, and not one that devices compute. */
    private static final int[] ABSENT = {0x7fadedad, 0x7fbeaded};

    private final Map<DeviceMemory, TornadoNativeArray> arrays = new TreeMap<>();
    private final KernelClasses classes;
    private final DeviceWatch watch;
    private final String device;
    private final TornadoExecutionPlan plan;
    /** Tasks of each graph but the first. */
    private final List<Integer> tasks = new ArrayList<>();

    private final long workspace;
    /** What the host's copies have as the device has it. */
    private final Set<Place> fetched = new HashSet<>();
    /** Whether that is all of the states. */
    private boolean statesFetched;
    /** Of the first graph, which has all arrays but the feeds. */
    private TornadoExecutionResult loaded;

    /**
     * Allocates arrays, builds graphs and compiles their kernels; nothing is sent yet.
     *
     * @param compiled hears how many tasks are compiled
     * @throws DeviceFailure naming the kernel that does not compile
     */
    public static DeviceRun of(DeviceProgram program, Target target, IntConsumer compiled) {
        try {
            return attempt(program, target, compiled);
        } catch (DeviceFailure | LinkageError | VirtualMachineError e) {
            throw e;
        } catch (RuntimeException | Error first) {
            target.watch().settle();
            KernelTrial.all(program, target);
            // Each of them compiles: the compiler was cut short. A signal, Ctrl-C say, has LLVM remove its files.
            try {
                return attempt(program, target, compiled);
            } catch (DeviceFailure | LinkageError | VirtualMachineError e) {
                throw e;
            } catch (RuntimeException | Error e) {
                e.addSuppressed(first);
                throw new DeviceFailure(
                        "all kernels of the program compile for " + target.name() + ", but not together: "
                                + target.watch().named(Reason.of(e)),
                        e);
            }
        }
    }

    private static DeviceRun attempt(DeviceProgram program, Target target, IntConsumer compiled) {
        target.watch().forget();
        try {
            return new DeviceRun(program, target, compiled);
        } catch (RuntimeException e) {
            // A lost device refuses memory too.
            target.watch().settle();
            throw Reason.isOfMemory(e)
                    ? refused(target, program.bytes(), ": " + target.watch().named(Reason.first(e)), e)
                    : e;
        }
    }

    /** In spite of what was free before: somebody else took it. */
    static DeviceFailure refused(Target target, long bytes, String reason, Throwable cause) {
        OptionalLong free = target.watch().free();
        return new DeviceFailure(
                target.name() + " has no memory left for the " + bytes + " bytes of the program"
                        + (free.isPresent() ? ", " + free.getAsLong() + " are free beside what it got" : "") + reason
                        + "; other processes may have taken it meanwhile (nvidia-smi shows them)",
                cause);
    }

    private DeviceRun(DeviceProgram program, Target target, IntConsumer compiled) {
        this.classes = target.classes();
        this.watch = target.watch();
        this.device = target.name();
        program.elements().forEach((memory, size) -> {
            int elements = Math.max(1, size);
            arrays.put(memory, memory.floating() ? new FloatArray(elements) : new IntArray(elements));
        });
        String name = "kolotoc" + NAMES.incrementAndGet();
        GridScheduler grids = new GridScheduler();
        List<ImmutableTaskGraph> all = new ArrayList<>();
        all.add(load(name, grids).snapshot());
        for (List<DeviceTask> part :
                program.measured() ? GraphCut.of(program.tasks(), 1) : GraphCut.of(program.tasks())) {
            all.add(graph(name, all.size(), part, grids).snapshot());
            tasks.add(part.size());
        }
        this.plan = new TornadoExecutionPlan(all.toArray(ImmutableTaskGraph[]::new));
        plan.withDevice(target.device()).withGridScheduler(grids);
        this.workspace = program.workspace();
        if (program.measured()) {
            plan.withProfiler(ProfilerMode.SILENT);
        } else if (target.records()) {
            plan.withCUDAGraph();
        }
        compile(compiled, target.letsClose());
        watch.settle();
        watch.refused().ifPresent(said -> {
            throw said.isOfMemory()
                    ? refused(target, program.bytes(), ": " + watch.told(said), null)
                    : watch.failure(said);
        });
        if (!target.tellsRefusals()) {
            requireMemory(target);
        }
        watch.requirePinned(arrays.values().stream());
    }

    /** What goes up comes down, unless the driver refused memory or a kernel wrote into what it refused. */
    private void requireMemory(Target target) {
        List<DeviceMemory> states = memories(EnumSet.of(Purpose.STATES));
        mark(states, MARK);
        load();
        mark(states, 0);
        written();
        boolean came = true;
        for (DeviceMemory memory : states) {
            transfer(new Place(memory, 0), 1);
            came &= host(memory).get(ValueLayout.JAVA_INT, FIRST) == MARK;
        }
        mark(states, 0);
        written();
        loaded = null;
        if (!came) {
            throw refused(target, bytes(), "", null);
        }
    }

    private void mark(List<DeviceMemory> memories, int mark) {
        memories.forEach(memory -> host(memory).set(ValueLayout.JAVA_INT, FIRST, mark));
    }

    /** Kernels are compiled when they first run: here on zeros. */
    private void compile(IntConsumer compiled, boolean letsClose) {
        try {
            plan.withGraph(0).execute();
            run(compiled);
        } catch (RuntimeException | Error e) {
            try {
                if (letsClose) {
                    close();
                }
            } catch (RuntimeException secondary) {
                e.addSuppressed(secondary);
            }
            throw e;
        }
    }

    /** The graph that brings states up. What no host has is on the device because the task could write it. */
    private TaskGraph load(String name, GridScheduler grids) {
        TaskGraph graph = new TaskGraph(name + "load");
        graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, arrays(EnumSet.of(Purpose.STATES)));
        TouchKernel.kernels(memories(EnumSet.of(Purpose.SCRATCH, Purpose.RESULTS)))
                .forEach(kernel -> task(graph, kernel, grids));
        graph.persistOnDevice(arrays(EnumSet.complementOf(EnumSet.of(Purpose.FEEDS))));
        return graph;
    }

    /** A graph finds on the device only what the graph that ran before it has: so each has everything. */
    private TaskGraph graph(String name, int number, List<DeviceTask> part, GridScheduler grids) {
        TaskGraph graph = new TaskGraph(name + "g" + number);
        Set<Purpose> there = EnumSet.allOf(Purpose.class);
        if (number == 1) {
            there.remove(Purpose.FEEDS);
            graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, arrays(EnumSet.of(Purpose.FEEDS)));
        }
        graph.consumeFromDevice(arrays(there));
        part.forEach(task -> task(graph, task, grids));
        graph.persistOnDevice(arrays(EnumSet.allOf(Purpose.class)));
        return graph;
    }

    private List<DeviceMemory> memories(Set<Purpose> purposes) {
        return arrays.keySet().stream()
                .filter(memory -> purposes.contains(memory.purpose()))
                .toList();
    }

    private Object[] arrays(Set<Purpose> purposes) {
        return memories(purposes).stream().map(arrays::get).toArray();
    }

    private void task(TaskGraph graph, DeviceTask task, GridScheduler grids) {
        GraphTask.add(
                graph, task, classes, task.arguments().stream().map(arrays::get).toList(), grids);
    }

    /** The host's copy of an array. */
    public MemorySegment host(DeviceMemory memory) {
        return arrays.get(memory).getSegment();
    }

    /** Whether states were brought up at least once. */
    public boolean isLoaded() {
        return loaded != null;
    }

    /** Brings all states up from the host's copies. */
    public void load() {
        loaded = watch.on(() -> plan.withGraph(0).execute());
        statesFetched = true;
    }

    /** Brings the feeds up and runs the kernels. */
    public void run() {
        watch.on(() -> run(_ -> {}));
    }

    /**
     * As {@link #run}, where the program is one to be measured.
     *
     * @return nanoseconds that the device says each task took
     */
    public long[] measure() {
        long[] nanoseconds = new long[tasks.size()];
        for (int task = 0; task < nanoseconds.length; task++) {
            // A graph each: TornadoVM tells the time of a graph.
            int graph = task + 1;
            nanoseconds[task] = watch.on(
                    () -> plan.withGraph(graph).execute().getProfilerResult().getDeviceKernelTime());
        }
        written();
        return nanoseconds;
    }

    private void run(IntConsumer ran) {
        int done = 0;
        for (int graph = 0; graph < tasks.size(); graph++) {
            plan.withGraph(graph + 1).execute();
            done += tasks.get(graph);
            ran.accept(done);
        }
        written();
    }

    private void written() {
        fetched.clear();
        statesFetched = false;
    }

    /**
     * Brings elements of states or results down into the host's copy, unless that is as new.
     *
     * @param count how many
     */
    public void fetch(Place place, int count) {
        boolean there = statesFetched && place.memory().purpose() == Purpose.STATES;
        // To TornadoVM no elements are all of them.
        if (!there && count > 0 && !fetched.contains(place)) {
            watch.on(() -> bring(place, count));
            fetched.add(place);
        }
    }

    /** TornadoVM does not say that nothing came; what nobody computes is left where it did not. */
    private void bring(Place place, int count) {
        MemorySegment to =
                host(place.memory()).asSlice((long) DType.BYTES * place.offset(), (long) DType.BYTES * count);
        for (int absent : ABSENT) {
            to.set(ValueLayout.JAVA_INT, FIRST, absent);
            to.setAtIndex(ValueLayout.JAVA_INT, count - 1, absent);
            transfer(place, count);
            watch.settle();
            if (to.get(ValueLayout.JAVA_INT, FIRST) != absent
                    && to.getAtIndex(ValueLayout.JAVA_INT, count - 1) != absent) {
                return;
            }
        }
        throw new DeviceFailure(
                device + " does not give back what it has: a copy of " + count * (long) DType.BYTES
                        + " bytes to the host was refused; what it computed since the last checkpoint is gone",
                null);
    }

    private void transfer(Place place, int count) {
        loaded.transferToHost(new DataRange(arrays.get(place.memory()))
                .withOffset(place.offset())
                .withSize(count));
    }

    /** Whether the device was lost, and all that it has. */
    public boolean isLost() {
        return watch.isLost();
    }

    /** Bytes of all that it has on the device. */
    public long bytes() {
        return workspace
                + arrays.values().stream()
                        .mapToLong(TornadoNativeArray::getNumBytesOfSegmentWithHeader)
                        .sum();
    }

    @Override
    public void close() {
        plan.freeDeviceMemory();
        try {
            plan.close();
        } catch (TornadoExecutionPlanException e) {
            throw new IllegalStateException("a plan does not close: " + e.getMessage(), e);
        }
    }
}
