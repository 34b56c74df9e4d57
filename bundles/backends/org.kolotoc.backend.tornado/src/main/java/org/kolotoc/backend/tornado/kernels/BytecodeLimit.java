package org.kolotoc.backend.tornado.kernels;

import java.util.List;
import org.kolotoc.compiler.Instruction;
import org.kolotoc.compiler.KernelLimit;
import org.kolotoc.compiler.Launch;
import org.kolotoc.compiler.UniformityAnalysis;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Op.ReduceKind;

/**
 * Kernels by the bytes of their bytecode, about. A method takes 65,535; kernels of models have 6,000, and what a device's
 * compiler makes of many more lives in memory instead of registers.
 */
final class BytecodeLimit implements KernelLimit {
    static final int MOST = 24_000;

    /** One operation in three-address form, its locals beyond the first 256. */
    private static final int OPERATION = 13;
    /** A comparison, or a choice, with its jumps. */
    private static final int CHOICE = 2 * OPERATION;

    @Override
    public int most() {
        return MOST;
    }

    @Override
    public int size(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Constant _ -> 0;
            case Instruction.Load _, Instruction.Store _, Instruction.Index _ -> 4 * OPERATION;
            case Instruction.Uniform _ -> 130 * OPERATION;
            case Instruction.Unary unary ->
                switch (unary.kind()) {
                    case NEG, EXP, LOG, SQRT, SIN, COS, NOT -> OPERATION;
                    case RSQRT -> 2 * OPERATION;
                    case ABS -> 2 * OPERATION + CHOICE;
                    case SIGN -> 4 * CHOICE;
                    case FLOOR -> 4 * OPERATION + 4 * CHOICE;
                    case TANH, ERF -> 22 * OPERATION + 8 * CHOICE;
                };
            case Instruction.Binary binary ->
                switch (binary.kind()) {
                    case MAXIMUM, MINIMUM -> largest(binary.dtype());
                    default -> OPERATION;
                };
            case Instruction.Compare _ -> 2 * CHOICE + OPERATION;
            case Instruction.Select _ -> CHOICE;
            case Instruction.Cast _ -> 6 * CHOICE;
            // The items of a group put their parts together, in a tree of two times sixteen at most.
            case Instruction.RowReduce reduce -> 32 * (4 * OPERATION + combine(reduce.kind(), reduce.dtype()));
            case Instruction.ColumnReduce reduce -> 8 * OPERATION + combine(reduce.kind(), reduce.dtype());
        };
    }

    private static int combine(ReduceKind kind, DType dtype) {
        return switch (kind) {
            case SUM -> OPERATION;
            case MAX -> largest(dtype);
        };
    }

    private static int largest(DType dtype) {
        return dtype == DType.F32 ? OPERATION + 8 * CHOICE : 2 * CHOICE;
    }

    /** Each pass over a row computes again what it needs of the element. */
    @Override
    public boolean takes(Launch.Fused kernel) {
        List<Instruction> body = kernel.body();
        UniformityAnalysis uniformity = new UniformityAnalysis(body);
        long bytes = 0;
        for (int pass = 0; pass <= uniformity.last(); pass++) {
            boolean[] needed = new boolean[body.size()];
            for (int i = body.size() - 1; i >= 0; i--) {
                List<Integer> operands = UniformityAnalysis.operands(body.get(i));
                boolean here = switch (body.get(i)) {
                    case Instruction.RowReduce _, Instruction.ColumnReduce _, Instruction.Store _ ->
                        uniformity.level(operands.getFirst()) == pass;
                    default -> uniformity.isVarying(i) ? needed[i] : uniformity.level(i) == pass;
                };
                if (here) {
                    bytes += size(body.get(i));
                    operands.forEach(operand -> needed[operand] = true);
                }
            }
        }
        return bytes <= MOST;
    }
}
