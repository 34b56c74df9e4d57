package org.kolotoc.backend.tornado.kernels;

import static org.kolotoc.backend.tornado.kernels.DeviceMemory.FLOAT_RESULTS;
import static org.kolotoc.backend.tornado.kernels.DeviceMemory.FLOAT_SCRATCH;
import static org.kolotoc.backend.tornado.kernels.DeviceMemory.INT_RESULTS;
import static org.kolotoc.backend.tornado.kernels.DeviceMemory.INT_SCRATCH;

import java.util.List;
import org.kolotoc.backend.tornado.kernels.KernelClass.Grid;

/** A kernel that could write what only a device has, and does not: a device then keeps memory for it. */
public final class TouchKernel {
    private TouchKernel() {}

    /** One item. */
    public static GeneratedKernel kernel() {
        List<DeviceMemory> arguments = List.of(FLOAT_SCRATCH, INT_SCRATCH, FLOAT_RESULTS, INT_RESULTS);
        return new KernelClass(null)
                .write(
                        "touch",
                        "touch",
                        arguments,
                        Grid.of(1, 1),
                        code -> code.when(
                                code.less(code.id("globalIdx"), Operand.of(0)),
                                () -> arguments.forEach(memory -> code.store(
                                        memory,
                                        code.id("globalIdx"),
                                        memory.isFloating() ? Operand.of(0f) : Operand.of(0)))));
    }
}
