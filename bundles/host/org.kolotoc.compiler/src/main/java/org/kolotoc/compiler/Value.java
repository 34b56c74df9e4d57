package org.kolotoc.compiler;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Origin;
import org.kolotoc.tensor.Shape;

/**
 * A node while it is compiled: as in the program, after reductions were brought to rows and columns and copies were put
 * where a view is not enough. Where its elements lie is decided once, by {@link LayoutAssignment}.
 */
final class Value {
    final Op op;
    final List<Value> operands;
    final Shape shape;
    final DType dtype;
    final Origin origin;
    /** Position in the graph, the same each time the program is compiled; -1 for a copy. */
    int number = -1;
    /** Position in the order of execution; -1 where it has none. */
    int id = -1;
    /** The segment of the program that it was made in. */
    int segment;
    /** What has to be computed before this one may be read, though it is no operand; null if nothing. */
    Value after;

    final List<Value> users = new ArrayList<>();
    /** Whether a buffer has to hold it, because something other than a fused kernel reads it. */
    boolean stored;
    /** Where it lies, when not in a dense buffer of its own. */
    StridedView placement;
    /** The output or state whose buffer it is written to; null if none. */
    String bound;

    Value(Op op, List<Value> operands, Shape shape, DType dtype, Origin origin) {
        this.op = op;
        this.operands = new ArrayList<>(operands);
        this.shape = shape;
        this.dtype = dtype;
        this.origin = origin;
    }

    /** A copy is a cast to the same type. */
    static Value copyOf(Value source) {
        return new Value(new Op.Cast(source.dtype), List.of(source), source.shape, source.dtype, source.origin);
    }

    /** What it only holds back until something else is computed; null if it does more. */
    Value held() {
        return after == null ? null : operand(0);
    }

    int size() {
        return shape.size();
    }

    Value operand(int position) {
        return operands.get(position);
    }

    boolean isInput() {
        return op instanceof Op.Input;
    }

    /** In memory before the program runs. */
    boolean isGiven() {
        return isInput() || op instanceof Op.Literal;
    }

    /** Another arrangement of its operand's elements, which costs nothing as long as index arithmetic can follow it. */
    boolean isMovement() {
        return switch (op) {
            case Op.Reshape _, Op.Transpose _, Op.Broadcast _, Op.Slice _ -> true;
            default -> false;
        };
    }

    /** Written by a fused kernel: element by element, or as a reduction. */
    boolean isFusible() {
        return switch (op) {
            case Op.Unary _,
                    Op.Binary _,
                    Op.Compare _,
                    Op.Select _,
                    Op.Cast _,
                    Op.RandomUniform _,
                    Op.RandomNormal _,
                    Op.Reduce _ -> true;
            default -> false;
        };
    }

    /** Computed matrix by matrix, over the last two axes. */
    boolean isOfMatrices() {
        return op instanceof Op.MatMul || op instanceof Op.Attention || op instanceof Op.AttentionGradient;
    }

    /** Computed image by image, over all axes but the outermost. */
    boolean isOfImages() {
        return op instanceof Op.Conv2d || op instanceof Op.Conv2dInputGradient;
    }

    /** Known from the position alone; computed wherever it is used, never stored. */
    boolean isFree() {
        return op instanceof Op.Constant || op instanceof Op.Iota;
    }

    /** A reduction over the innermost axes: one value a row. */
    boolean isRowReduction() {
        return op instanceof Op.Reduce reduce
                && reduce.axes().getLast() == operand(0).shape.rank() - 1;
    }

    /** A reduction over the outermost axes: one value a column. */
    boolean isColumnReduction() {
        return op instanceof Op.Reduce && !isRowReduction();
    }

    /** The value whose elements this one rearranges: itself unless it is a movement. */
    Value source() {
        Value value = this;
        while (value.isMovement()) {
            value = value.operand(0);
        }
        return value;
    }

    /** The movements between the source and this value, this one last; chains of them may be long. */
    List<Value> movements() {
        List<Value> movements = new ArrayList<>();
        for (Value value = this; value.isMovement(); value = value.operand(0)) {
            movements.add(value);
        }
        return movements.reversed();
    }

    /** What has to be computed before it: the sources of its operands, and what is waited for on the way to them. */
    Set<Value> needs() {
        Set<Value> needs = new LinkedHashSet<>();
        for (Value operand : operands) {
            Value value = operand;
            while (value.isMovement()) {
                if (value.after != null && value.after.source().id >= 0) {
                    needs.add(value.after.source());
                }
                value = value.operand(0);
            }
            needs.add(value);
        }
        return needs;
    }

    @Override
    public String toString() {
        return "%" + id + " " + op.label() + " " + shape;
    }
}
