package org.kolotoc.backend.cpu.codegen;

import org.kolotoc.compiler.Instruction;
import org.kolotoc.compiler.KernelLimit;
import org.kolotoc.compiler.Launch;

/**
 * Kernels that HotSpot makes good code of; larger ones would be right and a hundred times slower, and nobody would be told.
 *
 * <p>Two things end it. A method of more than 8,000 bytes is never compiled. And the first compiler (C1) has 10,000 virtual
 * registers for a method, of which it spends hundreds on each access to memory, since it sees all the checks behind it; when
 * they run out, a method that it compiled without a profile before, as it does while the second compiler is busy, stays that
 * for ever. The unit here is such a register; bytes are few where registers are.
 */
public final class HotSpotLimit implements KernelLimit {
    /** Methods with more are not compiled: HotSpot's {@code HugeMethodLimit}. */
    static final int MOST_BYTES = 8_000;
    /** What is counted is about right: a tenth is kept back. */
    static final int MOST_REGISTERS = 9_000;
    /** Kernels of estimated size leave room for what is computed in each pass over the row again, and kept between them. */
    private static final int MOST_ESTIMATED = 7_000;

    @Override
    public int most() {
        return MOST_ESTIMATED;
    }

    @Override
    public int size(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Load _ -> Assembly.LOAD + Assembly.ARITHMETIC;
            // Masked if the row is no whole number of vectors, which is known when the kernel is written.
            case Instruction.Store _ -> (Assembly.SAVE + Assembly.SAVE_MASKED) / 2;
            case Instruction.Index _ -> Assembly.SPREAD_INT;
            case Instruction.Constant _ -> Assembly.SPREAD_FLOAT;
            case Instruction.Uniform _ -> 50 * Assembly.LANEWISE;
            case Instruction.Unary unary ->
                switch (unary.kind()) {
                    case NEG, ABS, SQRT, NOT -> Assembly.ARITHMETIC;
                    case RSQRT -> Assembly.CONSTANT + Assembly.ARITHMETIC;
                    case SIGN, FLOOR -> 5 * Assembly.CONSTANT + 4 * Assembly.CHOICE;
                    case EXP, LOG, TANH, ERF -> 20 * Assembly.CONSTANT + 4 * Assembly.LANEWISE;
                    case SIN, COS -> Assembly.LOAD + Assembly.SAVE;
                };
            case Instruction.Binary binary ->
                switch (binary.kind()) {
                    case POW -> Assembly.LOAD + 2 * Assembly.SAVE;
                    default -> Assembly.ARITHMETIC;
                };
            case Instruction.Compare _, Instruction.Select _ -> 2 * Assembly.CHOICE;
            case Instruction.Cast _ -> Assembly.CONVERT + Assembly.CONSTANT;
            // What is reduced is often needed again in the next pass, and kept for it.
            case Instruction.RowReduce _ -> Assembly.FOLD + Assembly.SAVE + Assembly.LOAD;
            case Instruction.ColumnReduce _ -> Assembly.LOAD + Assembly.SAVE + Assembly.CHOICE;
        };
    }

    /** Measured of the gradients of norms: no gain, and in one process of three code that is three times as slow. */
    @Override
    public boolean sharesReductions() {
        return false;
    }

    @Override
    public boolean takes(Launch.Fused kernel) {
        KernelClass code = KernelCache.SHARED.of(kernel);
        return code.bytes() <= MOST_BYTES && code.registers() <= MOST_REGISTERS;
    }
}
