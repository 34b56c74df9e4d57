package org.kolotoc.backend.tornado.graphs;

import java.util.List;
import java.util.Set;
import org.kolotoc.backend.tornado.kernels.GeneratedKernel;
import org.kolotoc.compiler.Plan;

/**
 * What a device runs: kernels over bound buffers and two scratch arrays.
 *
 * @param buffers the plan's, by number; the kernels' arguments name the bound ones
 * @param kernels in the order they run
 * @param floats elements of the scratch array of floats
 * @param ints elements of the scratch array of ints
 * @param states numbers of the bound buffers that stay on the device
 * @param feeds numbers of the bound buffers that the host gives anew for every run; what is neither is only written
 */
public record DeviceProgram(
        List<Plan.Buffer> buffers,
        List<GeneratedKernel> kernels,
        int floats,
        int ints,
        Set<Integer> states,
        Set<Integer> feeds) {}
