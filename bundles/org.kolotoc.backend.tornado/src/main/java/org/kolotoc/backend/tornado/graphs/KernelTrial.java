package org.kolotoc.backend.tornado.graphs;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.kolotoc.backend.tornado.kernels.DeviceMemory;
import org.kolotoc.backend.tornado.kernels.DeviceTask;
import org.kolotoc.backend.tornado.kernels.GeneratedKernel;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** Compiles the kernels of a plan one by one: a plan that does not compile does not say which of them is at fault. */
final class KernelTrial {
    private static final AtomicLong NAMES = new AtomicLong();

    private KernelTrial() {}

    /** Says which kernel does not compile, and why. */
    static String explain(List<DeviceTask> tasks, Target target, Throwable failure) {
        for (DeviceTask task : tasks) {
            try {
                if (task instanceof GeneratedKernel kernel) {
                    compile(kernel, target, false);
                }
            } catch (RuntimeException | Error e) {
                return "task " + task.name() + " does not compile for "
                        + target.device().getDeviceName() + ": " + reason(e);
            }
        }
        return "the kernels compile for " + target.device().getDeviceName() + ", but not together: " + reason(failure);
    }

    /** TornadoVM wraps causes: the innermost says most. */
    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    /** @param print whether TornadoVM prints the source */
    static void compile(GeneratedKernel kernel, Target target, boolean print) {
        TaskGraph graph = new TaskGraph("kolotoctrial" + NAMES.incrementAndGet());
        GridScheduler grids = new GridScheduler();
        List<TornadoNativeArray> arrays =
                kernel.arguments().stream().map(KernelTrial::array).toList();
        graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, arrays.toArray());
        GraphTask.add(graph, kernel, target.classes(), arrays, grids);
        graph.transferToHost(DataTransferMode.EVERY_EXECUTION, arrays.toArray());
        try (TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot())) {
            plan.withDevice(target.device()).withGridScheduler(grids);
            if (print) {
                plan.withPrintKernel();
            }
            plan.withPreCompilation();
        } catch (TornadoExecutionPlanException e) {
            throw new IllegalStateException("a plan does not close: " + e.getMessage(), e);
        }
    }

    /** Nothing is run: one element is enough. */
    private static TornadoNativeArray array(DeviceMemory memory) {
        return memory.isFloating() ? new FloatArray(1) : new IntArray(1);
    }
}
