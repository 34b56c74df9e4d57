package org.kolotoc.backend.tornado.kernels;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.kolotoc.backend.tornado.kernels.KernelClass.Grid;
import org.kolotoc.backend.tornado.kernels.PlanKernels.Place;
import org.kolotoc.compiler.Instruction.ColumnReduce;
import org.kolotoc.compiler.Launch;

/** Where groups of items leave their parts of column reductions, and the kernel that puts these together in order. */
final class Partials {
    private static final int GROUP = 64;
    /** Runs of rows that keep a large device busy. */
    private static final int MOST_RUNS = 128;
    /** Rows of a run that are worth a part of each column. */
    private static final int FEWEST_ROWS = 4;

    private final Placement placement;
    private final Launch.Fused launch;
    private final int groups;
    /** Where the parts of a reduction begin; where its result does if there is one part. */
    private final Map<ColumnReduce, Place> places = new LinkedHashMap<>();

    /** @param groups that each have a part of every column; one writes its columns where they belong */
    Partials(Placement placement, Launch.Fused launch, int groups) {
        this.placement = placement;
        this.launch = launch;
        this.groups = groups;
        for (var instruction : launch.body()) {
            if (instruction instanceof ColumnReduce reduce) {
                long count = (long) groups * launch.inner();
                places.put(
                        reduce,
                        groups == 1 ? placement.place(reduce.buffer()) : placement.reserve(floating(reduce), count));
            }
        }
    }

    /**
     * How many rows are added up before parts are: by the number of rows alone, so that a sum has one order whatever else
     * its kernel does.
     */
    static int rowsOfRun(int rows) {
        int runs = Math.clamp(rows / FEWEST_ROWS, 1, MOST_RUNS);
        return Math.ceilDiv(rows, runs);
    }

    private boolean floating(ColumnReduce reduce) {
        return placement.floating(reduce.buffer());
    }

    boolean isEmpty() {
        return places.isEmpty();
    }

    List<ColumnReduce> reductions() {
        return List.copyOf(places.keySet());
    }

    /** The array with the parts of a reduction. */
    DeviceMemory memory(ColumnReduce reduce) {
        return places.get(reduce).memory();
    }

    DeviceMemory[] arguments() {
        return places.keySet().stream().map(this::memory).distinct().toArray(DeviceMemory[]::new);
    }

    Operand identity(ColumnReduce reduce) {
        return Elementary.identity(reduce.kind(), floating(reduce));
    }

    Operand load(Code code, ColumnReduce reduce, Operand group, Operand column) {
        return code.load(memory(reduce), at(code, reduce, group, column));
    }

    void store(Code code, ColumnReduce reduce, Operand group, Operand column, Operand value) {
        code.store(memory(reduce), at(code, reduce, group, column), value);
    }

    private Operand at(Code code, ColumnReduce reduce, Operand group, Operand column) {
        if (groups == 1) {
            return code.add(code.place(reduce.buffer(), reduce.offset()), column);
        }
        Operand first = code.add(
                code.parameter(reduce, places.get(reduce).offset()), code.mul(group, Operand.of(launch.inner())));
        return code.add(first, column);
    }

    /** The kernel that adds up parts; none where one group did it all. */
    List<GeneratedKernel> sums(KernelClass classes) {
        if (isEmpty() || groups == 1) {
            return List.of();
        }
        List<DeviceMemory> arguments = new ArrayList<>(List.of(arguments()));
        places.keySet().forEach(reduce -> arguments.add(placement.memory(reduce.buffer())));
        Grid grid = Grid.of(launch.inner(), GROUP);
        return List.of(classes.write(
                launch.name() + " sums",
                "sumsKernel",
                Stream.of(arguments).flatMap(List::stream).distinct().toList(),
                grid,
                code -> {
                    Operand column = code.id("globalIdx");
                    code.when(code.less(column, Operand.of(launch.inner())), () -> sum(code, column));
                }));
    }

    private void sum(Code code, Operand column) {
        Elementary elementary = new Elementary(code);
        Map<ColumnReduce, Operand.Local> totals = new LinkedHashMap<>();
        places.keySet().forEach(reduce -> totals.put(reduce, code.variable(identity(reduce))));
        code.loop(
                Operand.of(0),
                Operand.of(groups),
                1,
                group -> totals.forEach((reduce, total) -> code.assign(
                        total, elementary.combine(reduce.kind(), total, load(code, reduce, group, column)))));
        totals.forEach((reduce, total) ->
                code.store(reduce.buffer(), code.add(code.place(reduce.buffer(), reduce.offset()), column), total));
    }
}
