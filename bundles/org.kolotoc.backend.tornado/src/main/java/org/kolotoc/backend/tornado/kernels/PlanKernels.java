package org.kolotoc.backend.tornado.kernels;

import java.util.List;

/**
 * All kernels of a plan.
 *
 * @param launches the kernels of each launch of the plan, in the order they run; a launch of size zero has none
 * @param floats elements of {@link DeviceMemory.FloatScratch}
 * @param ints elements of {@link DeviceMemory.IntScratch}
 */
public record PlanKernels(List<List<GeneratedKernel>> launches, int floats, int ints) {}
