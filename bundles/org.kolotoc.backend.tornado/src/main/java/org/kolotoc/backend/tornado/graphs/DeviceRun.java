package org.kolotoc.backend.tornado.graphs;

import static org.kolotoc.backend.tornado.kernels.DeviceMemory.FLOAT_FEEDS;
import static org.kolotoc.backend.tornado.kernels.DeviceMemory.FLOAT_STATES;
import static org.kolotoc.backend.tornado.kernels.DeviceMemory.INT_FEEDS;
import static org.kolotoc.backend.tornado.kernels.DeviceMemory.INT_STATES;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.kolotoc.backend.tornado.kernels.DeviceMemory;
import org.kolotoc.backend.tornado.kernels.GeneratedKernel;
import org.kolotoc.backend.tornado.kernels.TouchKernel;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.WorkerGrid2D;
import uk.ac.manchester.tornado.api.WorkerGrid3D;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * A program as one execution plan, with the arrays that it works on. The first graph brings states up, is run only when the
 * host has newer ones, and keeps everything on the device; the others take what they need from it. Feeds go up with
 * every run; anything else comes down when it is asked for.
 */
public final class DeviceRun implements AutoCloseable {
    private static final Set<DeviceMemory> STATES = EnumSet.of(FLOAT_STATES, INT_STATES);
    private static final Set<DeviceMemory> FEEDS = EnumSet.of(FLOAT_FEEDS, INT_FEEDS);

    /** Names must differ in all plans of a process: drivers keep kernels by them. */
    private static final AtomicLong NAMES = new AtomicLong();

    private final Map<DeviceMemory, TornadoNativeArray> arrays = new EnumMap<>(DeviceMemory.class);
    private final TornadoExecutionPlan plan;
    private final int graphs;
    /** Arrays whose copy on the host is that of the device. */
    private final Set<DeviceMemory> fetched = EnumSet.noneOf(DeviceMemory.class);
    /** Of the first graph, which has all arrays but the feeds. */
    private TornadoExecutionResult loaded;

    /**
     * Allocates arrays and builds graphs; nothing is compiled or sent yet.
     *
     * @param device where it runs
     */
    public DeviceRun(DeviceProgram program, TornadoDevice device) {
        for (DeviceMemory memory : DeviceMemory.values()) {
            int elements = Math.max(1, program.elements().get(memory));
            arrays.put(memory, memory.isFloating() ? new FloatArray(elements) : new IntArray(elements));
        }
        String name = "kolotoc" + NAMES.incrementAndGet();
        GridScheduler grids = new GridScheduler();
        List<ImmutableTaskGraph> all = new ArrayList<>();
        all.add(load(name, grids).snapshot());
        for (List<GeneratedKernel> kernels : GraphCut.of(program.kernels())) {
            all.add(graph(name, all.size(), kernels, grids).snapshot());
        }
        this.graphs = all.size();
        this.plan = new TornadoExecutionPlan(all.toArray(ImmutableTaskGraph[]::new));
        plan.withDevice(device).withGridScheduler(grids);
    }

    /** The graph that brings up all but feeds; states whenever it runs, the rest the first time. */
    private TaskGraph load(String name, GridScheduler grids) {
        TaskGraph graph = new TaskGraph(name + "load");
        Set<DeviceMemory> rest = EnumSet.allOf(DeviceMemory.class);
        rest.removeAll(STATES);
        rest.removeAll(FEEDS);
        graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, arrays(STATES));
        graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, arrays(rest));
        // A graph needs a task; this one changes nothing.
        task(graph, TouchKernel.kernel(), grids);
        graph.persistOnDevice(arrays(STATES));
        graph.persistOnDevice(arrays(rest));
        return graph;
    }

    private TaskGraph graph(String name, int number, List<GeneratedKernel> kernels, GridScheduler grids) {
        TaskGraph graph = new TaskGraph(name + "g" + number);
        Set<DeviceMemory> used = EnumSet.noneOf(DeviceMemory.class);
        kernels.forEach(kernel -> used.addAll(kernel.arguments()));
        Set<DeviceMemory> feeds = EnumSet.copyOf(FEEDS);
        if (number > 1) {
            feeds.retainAll(used);
        }
        used.removeAll(FEEDS);
        if (!used.isEmpty()) {
            graph.consumeFromDevice(name + "load", arrays(used));
        }
        if (number == 1) {
            graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, arrays(feeds));
        } else if (!feeds.isEmpty()) {
            graph.consumeFromDevice(name + "g1", arrays(feeds));
        }
        kernels.forEach(kernel -> task(graph, kernel, grids));
        used.addAll(feeds);
        graph.persistOnDevice(arrays(used));
        return graph;
    }

    private Object[] arrays(Set<DeviceMemory> memories) {
        return memories.stream().map(arrays::get).toArray();
    }

    private void task(TaskGraph graph, GeneratedKernel kernel, GridScheduler grids) {
        List<Object> arguments =
                new ArrayList<>(List.of(kernel.name(), KernelClasses.instance(kernel), new KernelContext()));
        kernel.arguments().forEach(memory -> arguments.add(arrays.get(memory)));
        // One method for each number of arguments.
        Method task = Arrays.stream(TaskGraph.class.getMethods())
                .filter(method -> method.getName().equals("task") && method.getParameterCount() == arguments.size())
                .filter(method -> method.getParameterTypes()[1].isInstance(arguments.get(1)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no task takes kernel " + kernel.name()));
        try {
            task.invoke(graph, arguments.toArray());
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("kernel " + kernel.name() + " can't become a task: " + e.getCause(), e);
        }
        grids.addWorkerGrid(graph.getTaskGraphName() + "." + kernel.name(), grid(kernel));
    }

    private static WorkerGrid grid(GeneratedKernel kernel) {
        List<Integer> global = kernel.global();
        List<Integer> local = kernel.local();
        WorkerGrid grid = switch (global.size()) {
            case 1 -> new WorkerGrid1D(global.get(0));
            case 2 -> new WorkerGrid2D(global.get(0), global.get(1));
            default -> new WorkerGrid3D(global.get(0), global.get(1), global.get(2));
        };
        grid.setLocalWork(local.get(0), local.size() > 1 ? local.get(1) : 1, local.size() > 2 ? local.get(2) : 1);
        return grid;
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
        loaded = plan.withGraph(0).execute();
        fetched.addAll(STATES);
    }

    /** Brings the feeds up and runs the kernels. */
    public void run() {
        for (int graph = 1; graph < graphs; graph++) {
            plan.withGraph(graph).execute();
        }
        fetched.clear();
    }

    /** Brings an array of states or results down into the host's copy, unless that is as new. */
    public void fetch(DeviceMemory memory) {
        if (fetched.add(memory)) {
            loaded.transferToHost(arrays.get(memory));
        }
    }

    /** Bytes of all arrays on the device. */
    public long bytes() {
        return arrays.values().stream()
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
