package org.kolotoc.backend.tornado.kernels;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.kolotoc.backend.tornado.kernels.KernelClass.Grid;
import org.kolotoc.compiler.Instruction.ColumnReduce;
import org.kolotoc.compiler.Launch;

/**
 * A fused launch that reduces columns and no rows: an item has one column of a run of rows, neighbouring items have
 * neighbouring columns.
 */
final class ColumnKernels {
    private static final int SMALLEST_GROUP = 32;
    private static final int LARGEST_GROUP = 256;

    private final Placement placement;
    private final KernelClass classes;
    private final Launch.Fused launch;
    private final int group;
    private final int runs;
    private final int rows;

    ColumnKernels(Placement placement, KernelClass classes, Launch.Fused launch) {
        this.placement = placement;
        this.classes = classes;
        this.launch = launch;
        int size = SMALLEST_GROUP;
        while (size < LARGEST_GROUP && size < launch.inner()) {
            size *= 2;
        }
        this.group = size;
        this.rows = Partials.rowsOfRun(launch.rows());
        this.runs = Math.ceilDiv(launch.rows(), rows);
    }

    List<GeneratedKernel> kernels() {
        Partials partials = new Partials(placement, launch, runs);
        Grid grid = Grid.groups(List.of(group, 1), List.of(((long) launch.inner() + group - 1) / group, (long) runs));
        GeneratedKernel first = classes.write(
                launch.name(),
                "columnsKernel",
                FusedKernels.arguments(placement, launch, partials.arguments()),
                grid,
                code -> {
                    Operand column = code.id("globalIdx");
                    code.when(code.less(column, Operand.of(launch.inner())), () -> run(code, column, partials));
                });
        return Stream.concat(Stream.of(first), partials.sums(classes).stream()).toList();
    }

    private void run(Code code, Operand column, Partials partials) {
        Elementary elementary = new Elementary(code);
        Operand run = code.id("groupIdy");
        Operand from = code.mul(run, Operand.of(rows));
        Operand to = code.atMost(code.add(from, Operand.of(rows)), Operand.of(launch.rows()));
        Map<ColumnReduce, Operand.Local> totals = new LinkedHashMap<>();
        partials.reductions().forEach(reduce -> totals.put(reduce, code.variable(partials.identity(reduce))));
        code.loop(from, to, 1, row -> {
            Position position = Position.ofRow(code, row, launch.outer());
            FusedKernels.prepare(launch, position);
            Elements elements = new Elements(code, launch.body(), position, column);
            totals.forEach((reduce, total) ->
                    code.assign(total, elementary.combine(reduce.kind(), total, elements.value(reduce.operand()))));
            FusedKernels.stores(launch).forEach(elements::store);
        });
        totals.forEach((reduce, total) -> partials.store(code, reduce, run, column, total));
    }
}
