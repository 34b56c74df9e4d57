package org.kolotoc.backend.tornado.kernels;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.kolotoc.compiler.Compiler;
import org.kolotoc.compiler.Launch;
import org.kolotoc.compiler.Plan;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Program;

/**
 * All kernels of a plan.
 *
 * @param tasks in the order they run; a launch of size zero has none
 * @param byLaunch the same before those that are alike became one, by the name of their launch
 * @param launches names of those that each of the tasks is made of
 * @param places where the buffers of the plan lie, by number
 * @param elements how many each array has
 */
public record PlanKernels(
        List<DeviceTask> tasks,
        Map<String, List<DeviceTask>> byLaunch,
        List<List<String>> launches,
        List<Place> places,
        Map<DeviceMemory, Integer> elements) {
    /**
     * Where a buffer lies.
     *
     * @param offset the element of the array that it begins at
     */
    public record Place(DeviceMemory memory, int offset) {}

    /**
     * The plan of a program, of which there are kernels.
     *
     * @throws UnsupportedOperationException when the scores of an attention that has no kernel are too many for one tensor
     */
    public static Plan plan(Program program) {
        return plan(program, Placement.MOST_ELEMENTS);
    }

    /** @param most elements of an array, a multiple of 16 */
    static Plan plan(Program program, int most) {
        return Compiler.compileDecomposed(
                program, new BytecodeLimit(), AttentionKernels::does, (long) DType.BYTES * most);
    }

    /**
     * Writes the kernels of a plan; the same plan always gives the same kernels.
     *
     * @param library whether the device has a library for matrix products
     * @throws UnsupportedOperationException naming the launch that a device can't do
     */
    public static PlanKernels of(Program program, Plan plan, boolean library) {
        return of(program, plan, library, Placement.MOST_ELEMENTS);
    }

    /** @param most elements of an array, as of {@link #plan(Program, int)} */
    static PlanKernels of(Program program, Plan plan, boolean library, int most) {
        Placement placement = new Placement(program, plan, most);
        KernelClass classes = new KernelClass(placement);
        FusedKernels elements = new FusedKernels(placement, classes);
        MatmulLowering products = new MatmulLowering(placement, classes, library);
        RowCopies rows = new RowCopies(placement, classes);
        AxisKernels lines = new AxisKernels(placement, classes);
        ConvolutionKernels convolutions = new ConvolutionKernels(placement, classes);
        AttentionKernels attentions = new AttentionKernels(placement, classes);
        HorizontalFusion fusion = new HorizontalFusion();
        Set<String> names = new HashSet<>();
        Map<String, List<DeviceTask>> byLaunch = new LinkedHashMap<>();
        Map<String, String> launches = new HashMap<>();
        for (Launch launch : plan.launches()) {
            List<? extends DeviceTask> tasks = switch (launch) {
                case Launch.Fused f -> elements.of(f);
                case Launch.Product p -> products.of(p);
                case Launch.Convolution c -> convolutions.of(c);
                case Launch.GatherRows g -> rows.gather(g);
                case Launch.ScatterRows s -> rows.scatter(s);
                case Launch.Window w -> rows.window(w);
                case Launch.GatherAlong g -> lines.gather(g);
                case Launch.ScatterAlong s -> lines.scatter(s);
                case Launch.Scan s -> lines.scan(s);
                case Launch.Order o -> lines.order(o);
                case Launch.Attention a -> attentions.of(a);
                case Launch.AttentionGradient g -> attentions.of(g);
                case Launch.Loop _ ->
                    throw new UnsupportedOperationException(
                            launch.name() + ": no kernel is a loop over others; compile with its steps spelled out");
            };
            tasks.forEach(task -> requireFew(launch, task));
            if (!tasks.isEmpty()) {
                List<DeviceTask> named =
                        tasks.stream().map(task -> distinct(task, names)).toList();
                for (int i = 0; i < named.size(); i++) {
                    fusion.add(
                            named.get(i),
                            launch instanceof Launch.Fused fused && i > 0
                                    ? Footprint.ofColumns(fused, placement)
                                    : Footprint.of(launch, placement));
                }
                byLaunch.put(launch.name(), named);
                named.forEach(task -> launches.put(task.name(), launch.name()));
            }
        }
        return new PlanKernels(
                fusion.tasks(),
                byLaunch,
                fusion.members().stream()
                        .map(members -> members.stream()
                                .map(member -> launches.get(member.name()))
                                .toList())
                        .toList(),
                placement.places(),
                placement.elements());
    }

    private static void requireFew(Launch launch, DeviceTask task) {
        int arrays = task.arguments().size();
        if (arrays > GeneratedKernel.MOST_ARRAYS) {
            throw new UnsupportedOperationException(launch.name() + " works on " + arrays
                    + " arrays of a device, of which a kernel takes " + GeneratedKernel.MOST_ARRAYS
                    + "; make the batch or the model smaller");
        }
    }

    private static DeviceTask distinct(DeviceTask task, Set<String> names) {
        String name = task.name();
        for (int number = 2; !names.add(name); number++) {
            name = task.name() + "_" + number;
        }
        return switch (task) {
            case LibraryProduct product -> new LibraryProduct(name, product.arguments(), product.call());
            case GeneratedKernel kernel ->
                new GeneratedKernel(
                        name,
                        kernel.className(),
                        kernel.classFile(),
                        kernel.arguments(),
                        kernel.parameters(),
                        kernel.global(),
                        kernel.local(),
                        kernel.guarded());
        };
    }
}
