package org.kolotoc.backend.tornado.kernels;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.kolotoc.compiler.Launch;
import org.kolotoc.compiler.Plan;
import org.kolotoc.tensor.Program;

/**
 * All kernels of a plan.
 *
 * @param kernels in the order they run; a launch of size zero has none
 * @param places where the buffers of the plan lie, by number
 * @param elements how many each array has
 */
public record PlanKernels(List<GeneratedKernel> kernels, List<Place> places, Map<DeviceMemory, Integer> elements) {
    /**
     * Where a buffer lies.
     *
     * @param offset the element of the array that it begins at
     */
    public record Place(DeviceMemory memory, int offset) {}

    /**
     * Writes the kernels of a plan; the same plan always gives the same kernels.
     *
     * @throws UnsupportedOperationException naming the launch that a device can't do
     */
    public static PlanKernels of(Program program, Plan plan) {
        Placement placement = new Placement(program, plan);
        KernelClass classes = new KernelClass(placement);
        FusedKernels fused = new FusedKernels(placement, classes);
        RowCopies rows = new RowCopies(placement, classes);
        Batches batches = new Batches();
        Set<String> names = new HashSet<>();
        for (Launch launch : plan.launches()) {
            List<GeneratedKernel> kernels = switch (launch) {
                case Launch.Fused f -> fused.of(f);
                case Launch.Product p -> new ProductKernel(placement, classes, p).kernels();
                case Launch.GatherRows g -> rows.gather(g);
                case Launch.ScatterRows s -> rows.scatter(s);
                case Launch.Window w -> rows.window(w);
                case Launch.Attention _, Launch.AttentionGradient _ ->
                    throw new UnsupportedOperationException(
                            launch.name() + ": no kernel does attention as one; compile without it");
            };
            if (!kernels.isEmpty()) {
                Footprint footprint = Footprint.of(launch, placement);
                kernels.forEach(kernel -> batches.add(distinct(kernel, names), footprint));
            }
        }
        return new PlanKernels(batches.kernels(), placement.places(), placement.elements());
    }

    private static GeneratedKernel distinct(GeneratedKernel kernel, Set<String> names) {
        String name = kernel.name();
        for (int number = 2; !names.add(name); number++) {
            name = kernel.name() + "_" + number;
        }
        return new GeneratedKernel(
                name,
                kernel.className(),
                kernel.classFile(),
                kernel.arguments(),
                kernel.parameters(),
                kernel.global(),
                kernel.local());
    }
}
