package org.kolotoc.compiler;

import java.util.List;

/**
 * What every backend asks about a {@link Launch.Fused} body: which values are varying, and how many row reductions lie below
 * each, which is the pass over the row in which it can be computed first.
 */
public final class UniformityAnalysis {
    private final boolean[] varying;
    private final int[] level;
    private final int last;

    public UniformityAnalysis(List<Instruction> body) {
        this.varying = new boolean[body.size()];
        this.level = new int[body.size()];
        int most = 0;
        for (int i = 0; i < varying.length; i++) {
            Instruction instruction = body.get(i);
            List<Integer> operands = operands(instruction);
            varying[i] = switch (instruction) {
                case Instruction.Load load -> load.at().varying();
                case Instruction.Index index -> index.at().varying();
                case Instruction.RowReduce _ -> false;
                default -> operands.stream().anyMatch(operand -> varying[operand]);
            };
            int deepest =
                    operands.stream().mapToInt(operand -> level[operand]).max().orElse(0);
            level[i] = instruction instanceof Instruction.RowReduce ? deepest + 1 : deepest;
            most = Math.max(most, deepest);
        }
        this.last = most;
    }

    /** Whether a value varies along the inner axis. */
    public boolean isVarying(int value) {
        return varying[value];
    }

    /** Row reductions that have to be done before a value is known. */
    public int level(int value) {
        return level[value];
    }

    /** The highest level of any operand; there are so many passes and one. */
    public int last() {
        return last;
    }

    /** The lines that an instruction reads. */
    public static List<Integer> operands(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Load _, Instruction.Constant _, Instruction.Index _ -> List.of();
            case Instruction.Uniform u -> List.of(u.key0(), u.key1(), u.counter());
            case Instruction.Unary u -> List.of(u.operand());
            case Instruction.Binary b -> List.of(b.left(), b.right());
            case Instruction.Compare c -> List.of(c.left(), c.right());
            case Instruction.Select s -> List.of(s.condition(), s.whereTrue(), s.whereFalse());
            case Instruction.Cast c -> List.of(c.operand());
            case Instruction.RowReduce r -> List.of(r.operand());
            case Instruction.Store s -> List.of(s.operand());
            case Instruction.ColumnReduce c -> List.of(c.operand());
        };
    }
}
