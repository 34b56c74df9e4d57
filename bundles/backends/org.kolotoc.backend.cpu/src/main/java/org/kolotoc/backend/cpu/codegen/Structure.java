package org.kolotoc.backend.cpu.codegen;

import org.kolotoc.compiler.Instruction;
import org.kolotoc.compiler.Instruction.Affine;
import org.kolotoc.compiler.Launch;

/** All that the code of a fused launch depends on: the launch without the numbers that are {@link Arguments}. */
final class Structure {
    private Structure() {}

    /** A launch that stands for all of its structure; equal for launches that can share code. */
    static Launch.Fused of(Launch.Fused launch) {
        return new Launch.Fused(
                "",
                launch.outer().stream().map(_ -> 1).toList(),
                inner(launch),
                launch.body().stream().map(Structure::of).toList(),
                0,
                0);
    }

    /** The smallest row of its kind: a whole number of vectors or not, and summed in blocks or at once. */
    private static int inner(Launch.Fused launch) {
        int part = launch.inner() % Lanes.COUNT == 0 ? 0 : 1;
        return launch.inner() > KernelWriter.BLOCK && launch.reducesRows()
                ? KernelWriter.BLOCK + Lanes.COUNT + part
                : part;
    }

    private static Instruction of(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Load load -> new Instruction.Load(0, of(load.at()), load.dtype());
            case Instruction.Index index -> new Instruction.Index(of(index.at()));
            case Instruction.Store store -> new Instruction.Store(0, of(store.at()), store.operand(), store.dtype());
            case Instruction.ColumnReduce reduce ->
                new Instruction.ColumnReduce(reduce.kind(), 0, 0, reduce.operand(), reduce.dtype());
            case Instruction.Constant constant -> new Instruction.Constant(0, constant.dtype());
            case Instruction.Uniform uniform ->
                new Instruction.Uniform(uniform.key0(), uniform.key1(), 0, uniform.counter());
            default -> instruction;
        };
    }

    /** Of each stride only whether it is 0, and of the inner one whether it is 1. */
    private static Affine of(Affine at) {
        return new Affine(
                0,
                at.outerStrides().stream().map(stride -> stride == 0 ? 0 : 1).toList(),
                at.innerStride() == 0 || at.innerStride() == 1 ? at.innerStride() : 2);
    }
}
