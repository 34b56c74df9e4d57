package org.kolotoc.backend.tornado.kernels;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.compiler.Instruction;
import org.kolotoc.compiler.Instruction.Affine;
import org.kolotoc.compiler.UniformityAnalysis;

/** Values of a fused body at one position, computed where they are first asked for. */
final class Elements {
    private final Code code;
    private final Elementary elementary;
    private final List<Instruction> body;
    private final UniformityAnalysis uniformity;
    private final Position position;
    private final Operand inner;
    /** Values of the row; null where rows mean nothing. */
    private final Map<Integer, Operand> row;

    private final Map<Integer, Operand> known = new HashMap<>();

    /** Values at one element, independent of all others. */
    Elements(Code code, List<Instruction> body, Position position, Operand inner) {
        this(code, body, null, position, inner, null);
    }

    /**
     * Values at an element of a row.
     *
     * @param row values that are there once a row, computed before
     */
    Elements(
            Code code,
            List<Instruction> body,
            UniformityAnalysis uniformity,
            Position position,
            Operand inner,
            Map<Integer, Operand> row) {
        this.code = code;
        this.elementary = new Elementary(code);
        this.body = body;
        this.uniformity = uniformity;
        this.position = position;
        this.inner = inner;
        this.row = row;
    }

    Operand value(int instruction) {
        if (row != null && !uniformity.isVarying(instruction)) {
            return row.get(instruction);
        }
        Operand value = known.get(instruction);
        if (value == null) {
            value = make(body.get(instruction));
            known.put(instruction, value);
        }
        return value;
    }

    /** A value of a row, whose operands are there. */
    Operand perRow(int instruction) {
        return make(body.get(instruction));
    }

    void store(Instruction.Store store) {
        code.store(store.buffer(), place(store.buffer(), store.at()), value(store.operand()));
    }

    private Operand place(int buffer, Affine at) {
        return code.add(code.place(buffer, at.offset()), position.distance(at, inner));
    }

    private Operand make(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Load load -> code.load(load.buffer(), place(load.buffer(), load.at()));
            case Instruction.Constant constant ->
                switch (constant.dtype()) {
                    case F32 -> Operand.of((float) constant.value());
                    case I32 -> Operand.of((int) constant.value());
                    case BOOL -> Operand.of(constant.value() != 0 ? 1 : 0);
                };
            case Instruction.Index index ->
                code.add(
                        position.distance(index.at(), inner),
                        Operand.of(index.at().offset()));
            case Instruction.Uniform u ->
                elementary.uniform(value(u.key0()), value(u.key1()), u.stream(), value(u.counter()));
            case Instruction.Unary unary -> elementary.unary(unary.kind(), value(unary.operand()));
            case Instruction.Binary binary ->
                elementary.binary(binary.kind(), value(binary.left()), value(binary.right()));
            case Instruction.Compare compare ->
                elementary.compare(compare.kind(), value(compare.left()), value(compare.right()));
            case Instruction.Select select ->
                code.select(value(select.condition()), value(select.whereTrue()), value(select.whereFalse()));
            case Instruction.Cast cast -> elementary.cast(value(cast.operand()), cast.from(), cast.dtype());
            case Instruction.RowReduce _, Instruction.Store _, Instruction.ColumnReduce _ ->
                throw new IllegalStateException(instruction + " has no value at one position");
        };
    }
}
