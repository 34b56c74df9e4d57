package org.kolotoc.backend.tornado.kernels;

import java.util.List;
import java.util.stream.Stream;
import org.kolotoc.backend.tornado.kernels.KernelClass.Grid;
import org.kolotoc.compiler.Instruction;
import org.kolotoc.compiler.Launch;

/** Chooses how a fused launch is spread over work items; by its shape alone, so that it always gives the same bits. */
final class FusedKernels {
    private static final int GROUP = 256;
    private static final int SMALL_GROUP = 64;

    private final Placement placement;
    private final KernelClass classes;

    FusedKernels(Placement placement, KernelClass classes) {
        this.placement = placement;
        this.classes = classes;
    }

    List<GeneratedKernel> of(Launch.Fused launch) {
        if ((long) launch.rows() * launch.inner() == 0) {
            return List.of();
        }
        int longest = Math.max(launch.rows(), launch.inner());
        if (longest > Placement.MOST_ELEMENTS) {
            throw new UnsupportedOperationException(
                    launch.name() + ": " + longest + " elements along one axis are more than" + " the "
                            + Placement.MOST_ELEMENTS + " that a kernel of a device counts");
        }
        boolean perRow = launch.body().stream()
                .anyMatch(
                        i -> i instanceof Instruction.Store store && !store.at().varying());
        boolean columns = launch.body().stream().anyMatch(Instruction.ColumnReduce.class::isInstance);
        // A value of a row must not be written before all items of the row have read what lies there.
        if (launch.reducesRows() || perRow && launch.inner() > 1) {
            return new RowKernels(placement, classes, launch).kernels();
        }
        return columns ? new ColumnKernels(placement, classes, launch).kernels() : List.of(elements(launch));
    }

    /** Independent elements: an item each, neighbours in memory side by side. */
    private GeneratedKernel elements(Launch.Fused launch) {
        int count = launch.rows() * launch.inner();
        Grid grid = Grid.even(count, count < GROUP ? SMALL_GROUP : GROUP);
        return classes.write(launch.name(), "elementsKernel", arguments(placement, launch), grid, code -> {
            Operand item = code.id("globalIdx");
            code.when(code.less(item, code.parameter("count", count)), () -> {
                boolean flat = launch.outer().isEmpty();
                Operand row = flat ? Operand.of(0) : code.div(item, Operand.of(launch.inner()));
                Position position = Position.ofRow(code, row, launch.outer());
                prepare(launch, position);
                Operand inner = flat ? item : code.rem(item, launch.inner());
                Elements elements = new Elements(code, launch.body(), position, inner);
                stores(launch).forEach(elements::store);
            });
        });
    }

    static Stream<Instruction.Store> stores(Launch.Fused launch) {
        return launch.body().stream()
                .filter(Instruction.Store.class::isInstance)
                .map(Instruction.Store.class::cast);
    }

    static void prepare(Launch.Fused launch, Position position) {
        for (Instruction instruction : launch.body()) {
            switch (instruction) {
                case Instruction.Load load -> position.prepare(load.at());
                case Instruction.Index index -> position.prepare(index.at());
                case Instruction.Store store -> position.prepare(store.at());
                default -> {}
            }
        }
    }

    /** The arrays that a launch loads and stores. */
    static List<DeviceMemory> arguments(Placement placement, Launch.Fused launch, DeviceMemory... more) {
        Stream<DeviceMemory> of = launch.body().stream().mapMulti((instruction, found) -> {
            switch (instruction) {
                case Instruction.Load load -> found.accept(placement.memory(load.buffer()));
                case Instruction.Store store -> found.accept(placement.memory(store.buffer()));
                default -> {}
            }
        });
        return Stream.concat(of, Stream.of(more)).distinct().toList();
    }
}
