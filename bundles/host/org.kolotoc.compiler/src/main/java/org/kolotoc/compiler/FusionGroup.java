package org.kolotoc.compiler;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Values that one launch computes: the members of a fused kernel, or one value of any other kind. */
final class FusionGroup {
    final List<Value> members = new ArrayList<>();
    /** Which members leave the kernel. */
    final Set<Value> stores = new LinkedHashSet<>();
    /** Rows and row length that a reduction demands; 0 rows while none does. */
    int rows;

    int inner;
    /** What a kernel that was too large was cut into; 0 where it was in none. */
    int part;

    FusionGroup(Value value, int part) {
        members.add(value);
        this.part = part;
        if (value.op instanceof org.kolotoc.tensor.Op.Reduce) {
            int operand = value.operand(0).size();
            rows = value.isRowReduction() ? value.size() : operand / value.size();
            inner = operand / rows;
        }
    }

    boolean isFused() {
        return members.getFirst().isFusible();
    }

    boolean reduces() {
        return rows > 0;
    }

    /** Number of elements of a member that varies with every position. */
    int elements() {
        return reduces() ? rows * inner : members.getFirst().size();
    }

    IterationSpace space() {
        return reduces() ? IterationSpace.of(rows, inner) : new IterationSpace(new int[] {elements()}, 0);
    }

    @Override
    public String toString() {
        return members.toString();
    }
}
