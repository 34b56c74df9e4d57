package org.kolotoc.backend.tornado.graphs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.kolotoc.backend.tornado.kernels.DeviceMemory;
import org.kolotoc.backend.tornado.kernels.DeviceTask;
import org.kolotoc.backend.tornado.kernels.GeneratedKernel;

/** No graph is larger than its driver takes, and no kernel is lost. */
final class GraphCutTest {

    private static List<DeviceTask> kernels(int count, int arguments) {
        List<DeviceMemory> memory =
                Collections.nCopies(arguments, new DeviceMemory(DeviceMemory.Purpose.SCRATCH, true, 0));
        List<DeviceTask> kernels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            kernels.add(new GeneratedKernel(
                    "k" + i, "K" + i, new byte[0], memory, List.of(), List.of(1), List.of(1), false));
        }
        return kernels;
    }

    @Test
    void nothingNeedsNoGraph() {
        assertEquals(List.of(), GraphCut.of(List.of()));
    }

    @Test
    void graphsHoldAllKernelsInOrder() {
        for (int arguments : new int[] {1, 7, 18}) {
            List<DeviceTask> kernels = kernels(333, arguments);
            List<List<DeviceTask>> graphs = GraphCut.of(kernels);
            assertEquals(kernels, graphs.stream().flatMap(List::stream).toList());
            for (List<DeviceTask> graph : graphs) {
                assertTrue(graph.size() <= GraphCut.MOST_TASKS, "tasks: " + graph.size());
                assertTrue(
                        graph.stream()
                                        .mapToInt(kernel -> kernel.arguments().size() + 2)
                                        .sum()
                                <= GraphCut.MOST_ARGUMENTS,
                        "arguments of " + graph.size() + " tasks");
            }
        }
    }

    @Test
    void graphsAreAsFullAsTheyMayBe() {
        assertEquals(4, GraphCut.of(kernels(333, 1)).size());
        assertEquals(
                List.of(40, 40, 20),
                GraphCut.of(kernels(100, 18)).stream().map(List::size).toList());
    }

    @Test
    void aKernelOfTooManyArgumentsIsNamed() {
        String message = assertThrows(IllegalArgumentException.class, () -> GraphCut.of(kernels(1, 19)))
                .getMessage();
        assertTrue(message.contains("k0") && message.contains("21"), message);
    }
}
