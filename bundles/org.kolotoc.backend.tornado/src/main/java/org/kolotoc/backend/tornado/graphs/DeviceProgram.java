package org.kolotoc.backend.tornado.graphs;

import java.util.List;
import java.util.Map;
import org.kolotoc.backend.tornado.kernels.DeviceMemory;
import org.kolotoc.backend.tornado.kernels.GeneratedKernel;

/**
 * What a device runs.
 *
 * @param kernels in the order they run
 * @param elements how many each array has
 */
public record DeviceProgram(List<GeneratedKernel> kernels, Map<DeviceMemory, Integer> elements) {}
