package org.kolotoc.backend.tornado.graphs;

import java.util.ArrayList;
import java.util.List;
import org.kolotoc.backend.tornado.kernels.DeviceTask;
import org.kolotoc.backend.tornado.kernels.GeneratedKernel;

/**
 * Cuts a sequence of tasks into graphs. A graph takes 256 tasks at most, and a description of 8,192 bytes that is full
 * with 148 tasks of 8 arguments (measured): these bounds stay well below.
 */
public final class GraphCut {
    static final int MOST_TASKS = 100;
    static final int MOST_ARGUMENTS = 800;

    private GraphCut() {}

    /** The same tasks in the same order, in graphs that are as full as they may be. */
    public static List<List<DeviceTask>> of(List<DeviceTask> tasks) {
        return of(tasks, MOST_TASKS);
    }

    /** The same, with so many tasks in a graph at most. */
    static List<List<DeviceTask>> of(List<DeviceTask> tasks, int most) {
        List<List<DeviceTask>> graphs = new ArrayList<>();
        List<DeviceTask> graph = new ArrayList<>();
        int arguments = 0;
        for (DeviceTask task : tasks) {
            // The kernel context and the parameters come on top.
            int own = task.arguments().size() + 2;
            if (own > GeneratedKernel.MOST_ARGUMENTS) {
                throw new IllegalArgumentException("task " + task.name() + " takes " + own
                        + " arguments, a task takes at most " + GeneratedKernel.MOST_ARGUMENTS);
            }
            if (graph.size() == most || arguments + own > MOST_ARGUMENTS) {
                graphs.add(List.copyOf(graph));
                graph.clear();
                arguments = 0;
            }
            graph.add(task);
            arguments += own;
        }
        if (!graph.isEmpty()) {
            graphs.add(List.copyOf(graph));
        }
        return graphs;
    }
}
