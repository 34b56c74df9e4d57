package org.kolotoc.backend.cpu.codegen;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.kolotoc.compiler.Instruction;
import org.kolotoc.compiler.Launch;

/**
 * A fused launch as code. Launches with equal bodies share one class, whatever their buffers and, where the code does
 * not depend on it, their size, so that it is generated and compiled once in a process.
 */
public final class KernelCode {
    private static final Map<Launch.Fused, Shared> CACHE = new ConcurrentHashMap<>();

    private record Shared(Kernel kernel, int kept) {}

    private final Launch.Fused launch;
    private final List<Integer> buffers;
    private final List<Instruction.ColumnReduce> columns;
    private final Shared shared;

    /** The code of a launch, from the cache if an equal one was there before. */
    public static KernelCode of(Launch.Fused launch) {
        return new KernelCode(launch);
    }

    private KernelCode(Launch.Fused launch) {
        this.launch = launch;
        LinkedHashSet<Integer> distinct = new LinkedHashSet<>();
        List<Instruction> renumbered = new ArrayList<>();
        for (Instruction instruction : launch.body()) {
            renumbered.add(
                    switch (instruction) {
                        case Instruction.Load load ->
                            new Instruction.Load(number(distinct, load.buffer()), load.at(), load.dtype());
                        case Instruction.Store store ->
                            new Instruction.Store(
                                    number(distinct, store.buffer()), store.at(), store.operand(), store.dtype());
                        case Instruction.ColumnReduce reduce ->
                            new Instruction.ColumnReduce(reduce.kind(), 0, 0, reduce.operand(), reduce.dtype());
                        default -> instruction;
                    });
        }
        this.buffers = List.copyOf(distinct);
        this.columns = launch.body().stream()
                .filter(Instruction.ColumnReduce.class::isInstance)
                .map(Instruction.ColumnReduce.class::cast)
                .toList();
        // The number of rows, and the length of a row that may be cut anywhere, are arguments and not part of the code.
        boolean strict = launch.reducesRows() || !columns.isEmpty();
        List<Integer> outer = new ArrayList<>(launch.outer());
        if (!outer.isEmpty()) {
            outer.set(0, 1);
        }
        int inner = strict || !outer.isEmpty() ? launch.inner() : launch.inner() % Lanes.COUNT == 0 ? 0 : 1;
        Launch.Fused key = new Launch.Fused("", outer, inner, renumbered, 0, 0);
        this.shared = CACHE.computeIfAbsent(key, k -> {
            KernelWriter writer = new KernelWriter(k);
            return new Shared(writer.write(), writer.keptRows());
        });
    }

    private static int number(LinkedHashSet<Integer> distinct, int buffer) {
        distinct.add(buffer);
        return List.copyOf(distinct).indexOf(buffer);
    }

    public Kernel kernel() {
        return shared.kernel();
    }

    /** The plan's buffers whose addresses the kernel takes, in order. */
    public List<Integer> buffers() {
        return buffers;
    }

    /** Column reductions, in the order of their accumulators. */
    public List<Instruction.ColumnReduce> columnReductions() {
        return columns;
    }

    /** Bytes of a row of accumulators. */
    public long columnStride() {
        return KernelWriter.rowBytes(launch.inner());
    }

    /** Memory that a thread needs while it runs the kernel. */
    public long scratchBytes() {
        return KernelWriter.STAGE_BYTES + shared.kept() * KernelWriter.rowBytes(launch.inner());
    }
}
