package org.kolotoc.backend.tornado.graphs;

import java.util.List;
import java.util.Map;
import org.kolotoc.backend.tornado.kernels.DeviceMemory;
import org.kolotoc.backend.tornado.kernels.DeviceTask;
import org.kolotoc.backend.tornado.kernels.LibraryProduct;
import org.kolotoc.tensor.DType;

/**
 * What a device runs.
 *
 * @param tasks in the order they run
 * @param described what each of them does and where that was asked for, for people
 * @param elements how many each array has
 * @param measured whether its tasks are to be timed, which takes longer in all
 */
public record DeviceProgram(
        List<DeviceTask> tasks, List<String> described, Map<DeviceMemory, Integer> elements, boolean measured) {
    /** Bytes of its arrays on the device, and of what the library keeps. */
    public long bytes() {
        return workspace()
                + elements.values().stream()
                        .mapToLong(count -> (long) DType.BYTES * count)
                        .sum();
    }

    /** Bytes that the device's library keeps for itself. */
    public long workspace() {
        return LibraryProduct.workspace(tasks);
    }
}
