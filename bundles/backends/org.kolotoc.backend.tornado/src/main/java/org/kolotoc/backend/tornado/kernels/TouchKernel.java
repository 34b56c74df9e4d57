package org.kolotoc.backend.tornado.kernels;

import static org.kolotoc.backend.tornado.kernels.GeneratedKernel.MOST_ARRAYS;

import java.util.ArrayList;
import java.util.List;
import org.kolotoc.backend.tornado.kernels.KernelClass.Grid;

/** Kernels that could write what only a device has, and do not: a device then keeps memory for it. */
public final class TouchKernel {
    private TouchKernel() {}

    /** One item each; together they take these arrays. */
    public static List<GeneratedKernel> kernels(List<DeviceMemory> arrays) {
        List<GeneratedKernel> kernels = new ArrayList<>();
        for (int first = 0; first < arrays.size(); first += MOST_ARRAYS) {
            kernels.add(kernel("touch" + first, arrays.subList(first, Math.min(first + MOST_ARRAYS, arrays.size()))));
        }
        return kernels;
    }

    private static GeneratedKernel kernel(String name, List<DeviceMemory> arguments) {
        return new KernelClass(null)
                .write(
                        name,
                        "touch",
                        arguments,
                        Grid.of(1, 1),
                        code -> code.when(
                                code.less(code.id("globalIdx"), Operand.of(0)),
                                () -> arguments.forEach(memory -> code.store(
                                        memory,
                                        code.id("globalIdx"),
                                        memory.floating() ? Operand.of(0f) : Operand.of(0)))));
    }
}
