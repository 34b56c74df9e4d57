package org.kolotoc.backend.tornado.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.kolotoc.compiler.Instruction;
import org.kolotoc.compiler.Launch;

/**
 * The memory on the device that a kernel reads and writes. Kernels of one launch share what it writes, so that they stay in
 * order; what they keep for themselves nobody else uses.
 */
record Footprint(List<Range> reads, List<Range> writes) {
    /** Elements of an array from one on, before another. */
    record Range(DeviceMemory memory, int from, int to) {
        boolean meets(Range other) {
            return memory.equals(other.memory) && from < other.to && other.from < to;
        }
    }

    /** Of all that a launch does. */
    static Footprint of(Launch launch, Placement placement) {
        List<Range> reads = new ArrayList<>();
        List<Range> writes = new ArrayList<>();
        switch (launch) {
            case Launch.Fused fused ->
                fused.body().forEach(instruction -> {
                    switch (instruction) {
                        case Instruction.Load load -> reads.add(placement.range(load.buffer()));
                        case Instruction.Store store -> writes.add(placement.range(store.buffer()));
                        case Instruction.ColumnReduce reduce -> writes.add(placement.range(reduce.buffer()));
                        default -> {}
                    }
                });
            case Launch.Product product -> {
                reads.add(placement.range(product.a().buffer()));
                reads.add(placement.range(product.b().buffer()));
                if (product.hasBias()) {
                    reads.add(placement.range(product.bias()));
                }
                writes.add(placement.range(product.c().buffer()));
            }
            case Launch.GatherRows gather -> {
                reads.add(placement.range(gather.table()));
                reads.add(placement.range(gather.index()));
                writes.add(placement.range(gather.out()));
            }
            case Launch.ScatterRows scatter -> {
                reads.add(placement.range(scatter.index()));
                reads.add(placement.range(scatter.updates()));
                writes.add(placement.range(scatter.out()));
            }
            case Launch.GatherAlong gather -> {
                reads.add(placement.range(gather.table()));
                reads.add(placement.range(gather.index()));
                writes.add(placement.range(gather.out()));
            }
            case Launch.ScatterAlong scatter -> {
                reads.add(placement.range(scatter.index()));
                reads.add(placement.range(scatter.updates()));
                writes.add(placement.range(scatter.out()));
            }
            case Launch.Scan scan -> {
                reads.add(placement.range(scan.in()));
                writes.add(placement.range(scan.out()));
            }
            case Launch.Order order -> {
                reads.add(placement.range(order.in()));
                writes.add(placement.range(order.out()));
            }
            case Launch.Window window -> {
                reads.add(placement.range(window.start()));
                reads.add(placement.range(window.write() ? window.window() : window.tensor()));
                writes.add(placement.range(window.write() ? window.tensor() : window.window()));
            }
            case Launch.Convolution convolution -> {
                int images = convolution.images().buffer();
                int result = convolution.result().buffer();
                for (int buffer : List.of(images, convolution.weights(), result)) {
                    boolean written = switch (convolution.part()) {
                        case RESULT -> buffer == result;
                        case IMAGES -> buffer == images;
                        case WEIGHTS -> buffer == convolution.weights();
                    };
                    (written ? writes : reads).add(placement.range(buffer));
                }
            }
            case Launch.Attention attention -> {
                addAll(attention.heads(), placement, reads);
                writes.add(placement.range(attention.out().buffer()));
            }
            case Launch.AttentionGradient gradient -> {
                addAll(gradient.heads(), placement, reads);
                reads.add(placement.range(gradient.cotangent().buffer()));
                gradient.gradients().values().forEach(matrix -> writes.add(placement.range(matrix.buffer())));
            }
            case Launch.Loop _ -> throw new IllegalArgumentException(launch.name() + " has no kernels");
        }
        return new Footprint(reads, writes);
    }

    private static void addAll(Launch.Heads heads, Placement placement, List<Range> ranges) {
        heads.matrices().forEach(matrix -> ranges.add(placement.range(matrix.buffer())));
    }

    /** Of the kernel that puts parts of columns together: parts are memory of its own. */
    static Footprint ofColumns(Launch.Fused launch, Placement placement) {
        return new Footprint(
                List.of(),
                launch.body().stream()
                        .filter(Instruction.ColumnReduce.class::isInstance)
                        .map(reduce -> placement.range(((Instruction.ColumnReduce) reduce).buffer()))
                        .toList());
    }

    /** Whether one of the two must wait for the other. */
    boolean meets(Footprint other) {
        return meet(writes, other.writes) || meet(writes, other.reads) || meet(reads, other.writes);
    }

    private static boolean meet(List<Range> some, List<Range> others) {
        return some.stream().anyMatch(range -> others.stream().anyMatch(range::meets));
    }

    Footprint and(Footprint other) {
        return new Footprint(join(reads, other.reads), join(writes, other.writes));
    }

    private static List<Range> join(List<Range> some, List<Range> others) {
        return Stream.concat(some.stream(), others.stream()).distinct().toList();
    }
}
