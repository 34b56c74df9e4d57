package org.kolotoc.backend.tornado.graphs;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.kolotoc.backend.tornado.kernels.DeviceTask;
import org.kolotoc.backend.tornado.kernels.GeneratedKernel;
import org.kolotoc.backend.tornado.kernels.LibraryProduct;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.WorkerGrid2D;
import uk.ac.manchester.tornado.api.WorkerGrid3D;
import uk.ac.manchester.tornado.api.common.Access;
import uk.ac.manchester.tornado.api.common.LibraryTaskDescriptor;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** Work as a task of a graph. */
final class GraphTask {
    /** Of the provider in the launcher, which calls the library. */
    private static final String LIBRARY = "kolotoc/cublas";

    private GraphTask() {}

    /**
     * Appends a task to a graph.
     *
     * @param classes of kernels
     * @param arrays its arguments
     * @param grids gets the items that a kernel runs
     */
    static void add(
            TaskGraph graph,
            DeviceTask task,
            KernelClasses classes,
            List<TornadoNativeArray> arrays,
            GridScheduler grids) {
        switch (task) {
            case GeneratedKernel kernel -> add(graph, kernel, classes.instance(kernel), arrays, grids);
            case LibraryProduct product -> add(graph, product, arrays);
        }
    }

    private static void add(TaskGraph graph, LibraryProduct product, List<TornadoNativeArray> arrays) {
        Access[] access = new Access[arrays.size()];
        Arrays.fill(access, Access.READ_ONLY);
        access[product.call().get("c")] = Access.READ_WRITE;
        LibraryTaskDescriptor descriptor = new LibraryTaskDescriptor()
                .withLibrary(LIBRARY)
                .withFunction("product")
                .withParameters(arrays.toArray())
                .withAccess(access)
                .withTuning(product.call());
        graph.libraryTask(product.name(), (LibraryTaskDescriptor same) -> same, descriptor);
    }

    private static void add(
            TaskGraph graph,
            GeneratedKernel kernel,
            Object instance,
            List<TornadoNativeArray> arrays,
            GridScheduler grids) {
        List<Object> arguments = new ArrayList<>(List.of(kernel.name(), instance, new KernelContext()));
        arguments.addAll(arrays);
        if (!kernel.parameters().isEmpty()) {
            IntArray parameters = IntArray.fromArray(
                    kernel.parameters().stream().mapToInt(Integer::intValue).toArray());
            graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, parameters);
            arguments.add(parameters);
        }
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
}
