package org.kolotoc.backend.tornado.graphs;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.kolotoc.backend.tornado.kernels.DeviceMemory;
import org.kolotoc.backend.tornado.kernels.GeneratedKernel;
import org.kolotoc.backend.tornado.kernels.TouchKernel;
import org.kolotoc.compiler.Plan;
import org.kolotoc.tensor.DType;
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
 * every run; anything comes down when it is asked for.
 */
public final class DeviceRun implements AutoCloseable {
    /** Names must differ in all plans of a process: drivers keep kernels by them. */
    private static final AtomicLong NAMES = new AtomicLong();

    private final Map<DeviceMemory, TornadoNativeArray> arrays = new LinkedHashMap<>();
    private final DeviceProgram program;
    private final TornadoExecutionPlan plan;
    private final int graphs;
    /** Of the first graph, which has all arrays but the feeds. */
    private TornadoExecutionResult loaded;

    /**
     * Allocates arrays and builds graphs; nothing is compiled or sent yet.
     *
     * @param device where it runs
     */
    public DeviceRun(DeviceProgram program, TornadoDevice device) {
        this.program = program;
        for (int i = 0; i < program.buffers().size(); i++) {
            if (program.buffers().get(i) instanceof Plan.Buffer.Bound bound) {
                arrays.put(new DeviceMemory.Bound(i), array(bound.dtype(), bound.size()));
            }
        }
        arrays.put(new DeviceMemory.FloatScratch(), array(DType.F32, program.floats()));
        arrays.put(new DeviceMemory.IntScratch(), array(DType.I32, program.ints()));
        String name = "kolotoc" + NAMES.incrementAndGet();
        GridScheduler grids = new GridScheduler();
        List<ImmutableTaskGraph> all = new ArrayList<>();
        all.add(load(name, grids).snapshot());
        List<List<GeneratedKernel>> cut = GraphCut.of(program.kernels());
        for (List<GeneratedKernel> kernels : cut) {
            all.add(graph(name, all.size(), kernels, grids).snapshot());
        }
        this.graphs = all.size();
        this.plan = new TornadoExecutionPlan(all.toArray(ImmutableTaskGraph[]::new));
        plan.withDevice(device).withGridScheduler(grids);
    }

    private static TornadoNativeArray array(DType dtype, int size) {
        int elements = Math.max(1, size);
        return dtype == DType.F32 ? new FloatArray(elements) : new IntArray(elements);
    }

    /** The graph that brings up all but feeds; states whenever it runs, the rest the first time. */
    private TaskGraph load(String name, GridScheduler grids) {
        TaskGraph graph = new TaskGraph(name + "load");
        Object[] states = program.states().stream().map(this::host).toArray();
        Object[] rest = arrays.entrySet().stream()
                .filter(entry -> !(entry.getKey() instanceof DeviceMemory.Bound bound
                        && (program.states().contains(bound.buffer())
                                || program.feeds().contains(bound.buffer()))))
                .map(Map.Entry::getValue)
                .toArray();
        if (states.length > 0) {
            graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, states);
        }
        graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, rest);
        // A graph needs a task; this one writes nothing.
        task(graph, "touch", TouchKernel.kernel(), grids);
        graph.persistOnDevice(states);
        graph.persistOnDevice(rest);
        return graph;
    }

    private TaskGraph graph(String name, int number, List<GeneratedKernel> kernels, GridScheduler grids) {
        TaskGraph graph = new TaskGraph(name + "g" + number);
        Set<Integer> bound = new TreeSet<>();
        kernels.forEach(kernel -> kernel.arguments().forEach(memory -> {
            if (memory instanceof DeviceMemory.Bound b) {
                bound.add(b.buffer());
            }
        }));
        Object[] feeds = program.feeds().stream()
                .filter(feed -> number == 1 || bound.contains(feed))
                .map(this::host)
                .toArray();
        List<Object> kept = new ArrayList<>(
                List.of(arrays.get(new DeviceMemory.FloatScratch()), arrays.get(new DeviceMemory.IntScratch())));
        bound.stream()
                .filter(buffer -> !program.feeds().contains(buffer))
                .map(this::host)
                .forEach(kept::add);
        graph.consumeFromDevice(name + "load", kept.toArray());
        if (feeds.length > 0) {
            if (number == 1) {
                graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, feeds);
            } else {
                graph.consumeFromDevice(name + "g1", feeds);
            }
        }
        kernels.forEach(kernel -> task(graph, kernel.name(), kernel, grids));
        graph.persistOnDevice(kept.toArray());
        if (feeds.length > 0) {
            graph.persistOnDevice(feeds);
        }
        return graph;
    }

    private void task(TaskGraph graph, String id, GeneratedKernel kernel, GridScheduler grids) {
        List<Object> arguments = new ArrayList<>(List.of(id, KernelClasses.instance(kernel), new KernelContext()));
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
        grids.addWorkerGrid(graph.getTaskGraphName() + "." + id, grid(kernel));
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

    /** The host's copy of a bound buffer, by its number in the plan. */
    public TornadoNativeArray host(int buffer) {
        return arrays.get(new DeviceMemory.Bound(buffer));
    }

    /** Whether states were brought up at least once. */
    public boolean isLoaded() {
        return loaded != null;
    }

    /** Brings all states up from the host's copies. */
    public void load() {
        loaded = plan.withGraph(0).execute();
    }

    /** Brings the feeds up and runs the kernels. */
    public void run() {
        for (int graph = 1; graph < graphs; graph++) {
            plan.withGraph(graph).execute();
        }
    }

    /** Brings a bound buffer that is no feed down into the host's copy. */
    public void fetch(int buffer) {
        loaded.transferToHost(host(buffer));
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
