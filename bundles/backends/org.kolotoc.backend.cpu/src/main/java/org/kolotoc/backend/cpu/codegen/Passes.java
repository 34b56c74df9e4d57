package org.kolotoc.backend.cpu.codegen;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.kolotoc.compiler.Instruction;
import org.kolotoc.compiler.UniformityAnalysis;
import org.kolotoc.tensor.Op.BinaryKind;

/**
 * How a body is spread over passes along the row. A value's pass is the number of row reductions below it. A varying value
 * that a later pass needs again is computed again if that is cheap, and spilled in a row buffer otherwise.
 */
final class Passes {
    /** Most work that is done again rather than spilled: a few arithmetic instructions. */
    private static final int CHEAP = 3;

    private final List<Instruction> body;
    private final UniformityAnalysis uniformity;
    private final int[] cost;
    private final List<Set<Integer>> roots = new ArrayList<>();
    private final Set<Integer> spilled = new TreeSet<>();
    /** By pass, which values were seen to be needed in it: a value that two others read is followed once. */
    private final List<BitSet> needed = new ArrayList<>();

    Passes(List<Instruction> body) {
        this.body = body;
        this.uniformity = new UniformityAnalysis(body);
        this.cost = new int[body.size()];
        for (int i = 0; i < body.size(); i++) {
            Instruction instruction = body.get(i);
            cost[i] = Math.min(
                    1000,
                    own(instruction)
                            + UniformityAnalysis.operands(instruction).stream()
                                    .mapToInt(o -> uniformity.isVarying(o) ? cost[o] : 0)
                                    .sum());
        }
        int last = uniformity.last();
        for (int pass = 0; pass <= last; pass++) {
            roots.add(new TreeSet<>());
            needed.add(new BitSet());
        }
        for (int i = 0; i < body.size(); i++) {
            switch (body.get(i)) {
                case Instruction.RowReduce reduce ->
                    roots.get(uniformity.level(reduce.operand())).add(i);
                case Instruction.Store store -> {
                    if (store.at().varying()) {
                        roots.get(uniformity.level(store.operand())).add(i);
                    }
                }
                case Instruction.ColumnReduce columns ->
                    roots.get(uniformity.level(columns.operand())).add(i);
                default -> {}
            }
        }
        for (int pass = last; pass >= 0; pass--) {
            for (int root : List.copyOf(roots.get(pass))) {
                for (int operand : UniformityAnalysis.operands(body.get(root))) {
                    spill(operand, pass);
                }
            }
        }
    }

    int count() {
        return roots.size();
    }

    /** Reductions, varying stores and values to keep that a pass computes, in order. */
    Set<Integer> roots(int pass) {
        return roots.get(pass);
    }

    boolean isVarying(int value) {
        return uniformity.isVarying(value);
    }

    int level(int value) {
        return uniformity.level(value);
    }

    /** Varying values that lie in a row buffer after their pass, in order of their row buffers. */
    List<Integer> spilled() {
        return List.copyOf(spilled);
    }

    boolean isSpilled(int value) {
        return spilled.contains(value);
    }

    /** Accesses whose elements lie apart: they go through a row buffer of their own. */
    List<Integer> apart() {
        return IntStream.range(0, body.size())
                .filter(i -> switch (body.get(i)) {
                    case Instruction.Load load ->
                        load.at().varying() && load.at().innerStride() != 1;
                    case Instruction.Store store ->
                        store.at().varying() && store.at().innerStride() != 1;
                    default -> false;
                })
                .boxed()
                .toList();
    }

    private void spill(int value, int pass) {
        if (!isVarying(value) || needed.get(pass).get(value) || spilled.contains(value) && level(value) < pass) {
            return;
        }
        needed.get(pass).set(value);
        if (level(value) < pass && cost[value] > CHEAP) {
            spilled.add(value);
            roots.get(level(value)).add(value);
            UniformityAnalysis.operands(body.get(value)).forEach(operand -> spill(operand, level(value)));
            return;
        }
        UniformityAnalysis.operands(body.get(value)).forEach(operand -> spill(operand, pass));
    }

    private static int own(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Load _ -> 1;
            case Instruction.Uniform _ -> 60;
            case Instruction.Unary unary ->
                switch (unary.kind()) {
                    case NEG, ABS, NOT -> 1;
                    case SIGN, FLOOR, SQRT, RSQRT -> 4;
                    case EXP, LOG, TANH, ERF -> 20;
                    case SIN, COS -> 200;
                };
            case Instruction.Binary binary ->
                binary.kind() == BinaryKind.POW ? 200 : binary.kind() == BinaryKind.DIV ? 3 : 1;
            case Instruction.Constant _ -> 0;
            default -> 1;
        };
    }
}
