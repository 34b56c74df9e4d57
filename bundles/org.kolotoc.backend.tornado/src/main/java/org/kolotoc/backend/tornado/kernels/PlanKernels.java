package org.kolotoc.backend.tornado.kernels;

import java.util.List;
import org.kolotoc.compiler.Plan;

/**
 * All kernels of a plan.
 *
 * @param launches the kernels of each launch of the plan, in the order they run; a launch of size zero has none
 * @param floats elements of {@link DeviceMemory.FloatScratch}
 * @param ints elements of {@link DeviceMemory.IntScratch}
 */
public record PlanKernels(List<List<GeneratedKernel>> launches, int floats, int ints) {

    /**
     * Writes the kernels of a plan.
     *
     * @throws UnsupportedOperationException naming the launch, when the device can't do it
     */
    public static PlanKernels of(Plan plan) {
        throw new UnsupportedOperationException(
                "no kernels yet for " + plan.launches().size() + " launches");
    }
}
