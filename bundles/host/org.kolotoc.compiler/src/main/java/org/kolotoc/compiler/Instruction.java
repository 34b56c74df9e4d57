package org.kolotoc.compiler;

import java.util.List;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Op.BinaryKind;
import org.kolotoc.tensor.Op.CompareKind;
import org.kolotoc.tensor.Op.ReduceKind;
import org.kolotoc.tensor.Op.UnaryKind;

/**
 * One line of a {@link Launch.Fused} body. Operands are numbers of earlier lines. A value is varying when it is read or
 * counted with an inner stride other than 0, or computed from a varying value by anything but a {@link RowReduce}; all
 * others are uniform: there is one a row.
 */
public sealed interface Instruction {

    /**
     * A linear function of the position: {@code offset + sum(outerStrides[d] * outerIndex[d]) + innerStride * innerIndex}.
     */
    record Affine(int offset, List<Integer> outerStrides, int innerStride) {
        public boolean varying() {
            return innerStride != 0;
        }
    }

    /** The type of the value that this line defines; for stores that of the value stored. */
    DType dtype();

    /** An element of a buffer. */
    record Load(int buffer, Affine at, DType dtype) implements Instruction {}

    record Constant(double value, DType dtype) implements Instruction {}

    /** The position itself, as {@code i32}. */
    record Index(Affine at) implements Instruction {
        @Override
        public DType dtype() {
            return DType.I32;
        }
    }

    /** {@code CounterRandom.uniform(key0, key1, stream, counter)}; the keys are uniform, the counter any {@code i32}. */
    record Uniform(int key0, int key1, int stream, int counter) implements Instruction {
        @Override
        public DType dtype() {
            return DType.F32;
        }
    }

    record Unary(UnaryKind kind, int operand, DType dtype) implements Instruction {}

    record Binary(BinaryKind kind, int left, int right, DType dtype) implements Instruction {}

    /** Compares two values of type {@code operands}. */
    record Compare(CompareKind kind, int left, int right, DType operands) implements Instruction {
        @Override
        public DType dtype() {
            return DType.BOOL;
        }
    }

    record Select(int condition, int whereTrue, int whereFalse, DType dtype) implements Instruction {}

    record Cast(int operand, DType from, DType dtype) implements Instruction {}

    /** Sum or maximum of a value over the inner axis: a value per row. */
    record RowReduce(ReduceKind kind, int operand, DType dtype) implements Instruction {}

    /** Writes a value; with an inner stride of 0 the value is per row and written once a row. Defines no value. */
    record Store(int buffer, Affine at, int operand, DType dtype) implements Instruction {}

    /**
     * Sum or maximum of a varying value over all rows: element {@code i} of the inner axis goes to element
     * {@code offset + i} of the buffer. Defines no value.
     */
    record ColumnReduce(ReduceKind kind, int buffer, int offset, int operand, DType dtype) implements Instruction {}
}
