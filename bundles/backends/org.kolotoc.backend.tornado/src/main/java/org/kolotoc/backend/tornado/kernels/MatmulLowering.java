package org.kolotoc.backend.tornado.kernels;

import java.util.ArrayList;
import java.util.List;
import org.kolotoc.backend.tornado.kernels.KernelClass.Grid;
import org.kolotoc.compiler.Launch;
import org.kolotoc.compiler.Launch.Matrix;

/** Chooses who computes a matrix product: the device's library where there is one that can, else a generated kernel. */
final class MatmulLowering {
    private static final int GROUP = 256;

    private final Placement placement;
    private final KernelClass classes;
    private final boolean library;

    MatmulLowering(Placement placement, KernelClass classes, boolean library) {
        this.placement = placement;
        this.classes = classes;
        this.library = library;
    }

    List<DeviceTask> of(Launch.Product p) {
        long count = (long) p.m() * p.n() * p.batch().get(0) * p.batch().get(1);
        if (!library || count == 0 || !LibraryProduct.does(p)) {
            return List.copyOf(new ProductKernel(placement, classes, p).kernels());
        }
        List<DeviceTask> tasks = new ArrayList<>();
        if (p.hasBias()) {
            tasks.add(bias(p));
        }
        tasks.add(LibraryProduct.of(p, placement, p.hasBias()));
        return tasks;
    }

    /** Puts the bias into every row of the result, for the product to be added to. */
    private GeneratedKernel bias(Launch.Product p) {
        Matrix c = p.c();
        int rows = p.m() * p.batch().get(0) * p.batch().get(1);
        List<DeviceMemory> arguments = List.of(placement.memory(p.bias()), placement.memory(c.buffer())).stream()
                .distinct()
                .toList();
        Grid grid = Grid.of(rows * p.n(), GROUP);
        return classes.write(p.name() + " bias", "biasKernel", arguments, grid, code -> {
            Operand item = code.id("globalIdx");
            code.when(code.less(item, Operand.of(rows * p.n())), () -> {
                Operand row = code.div(item, Operand.of(p.n()));
                Operand column = code.sub(item, code.mul(row, Operand.of(p.n())));
                Position position = Position.ofRow(
                        code, row, List.of(p.batch().get(0), p.batch().get(1), p.m()));
                Operand value = code.load(p.bias(), code.add(code.place(p.bias(), 0), column));
                Operand first = position.along(
                        List.of(c.batchStrides().get(0), c.batchStrides().get(1), c.row()));
                code.store(c.buffer(), code.add(code.add(code.place(c.buffer(), c.offset()), first), column), value);
            });
        });
    }
}
