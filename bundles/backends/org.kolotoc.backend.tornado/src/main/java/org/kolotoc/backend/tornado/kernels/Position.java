package org.kolotoc.backend.tornado.kernels;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.compiler.Instruction.Affine;

/** Where a work item stands in the iteration space of a fused launch, and the addresses that follow. */
final class Position {
    private final Code code;
    private final List<Operand> outer;
    /** Sums over the outer axes, formed once for all elements of a row. */
    private final Map<List<Integer>, Operand> bases = new HashMap<>();

    Position(Code code, List<Operand> outer) {
        this.code = code;
        this.outer = outer;
    }

    /** The indices of row {@code row} along the outer axes. */
    static Position ofRow(Code code, Operand row, List<Integer> extents) {
        Operand[] indices = new Operand[extents.size()];
        Operand rest = row;
        for (int axis = indices.length - 1; axis > 0; axis--) {
            indices[axis] = code.rem(rest, extents.get(axis));
            rest = code.div(rest, Operand.of(extents.get(axis)));
        }
        if (indices.length > 0) {
            indices[0] = rest;
        }
        return new Position(code, List.of(indices));
    }

    /** Forms what {@link #distance} needs of the outer axes, where all code that follows can see it. */
    void prepare(Affine at) {
        bases.computeIfAbsent(at.outerStrides(), this::along);
    }

    /** The sum of the outer indices, each times its stride. */
    Operand along(List<Integer> strides) {
        Operand sum = Operand.of(0);
        for (int axis = 0; axis < strides.size(); axis++) {
            sum = code.add(sum, code.mul(outer.get(axis), Operand.of(strides.get(axis))));
        }
        return sum;
    }

    /** How far an element lies from the first; {@link #prepare} came before. */
    Operand distance(Affine at, Operand inner) {
        return code.add(bases.get(at.outerStrides()), code.mul(inner, Operand.of(at.innerStride())));
    }
}
