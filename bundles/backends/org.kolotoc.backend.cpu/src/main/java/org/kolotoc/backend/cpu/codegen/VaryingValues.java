package org.kolotoc.backend.cpu.codegen;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.compiler.Instruction;
import org.kolotoc.compiler.Instruction.Affine;
import org.kolotoc.tensor.DType;

/** The values of one pass that vary along the row, as vectors in local variables; truth values as masks. */
final class VaryingValues {
    private final KernelWriter row;
    private final Addresses addresses;
    private final Assembly asm;
    private final CodeBuilder code;
    private final Elementary elementary;
    private final List<Instruction> body;
    private final Passes passes;
    private final int pass;
    private final Map<Integer, Integer> vectors = new HashMap<>();

    VaryingValues(
            KernelWriter row, Addresses addresses, Assembly asm, List<Instruction> body, Passes passes, int pass) {
        this.row = row;
        this.addresses = addresses;
        this.asm = asm;
        this.code = asm.code;
        this.elementary = new Elementary(asm);
        this.body = body;
        this.passes = passes;
        this.pass = pass;
    }

    private boolean isReloaded(int value) {
        return passes.isSpilled(value) && passes.level(value) < pass;
    }

    /** The local of a value at the current column. */
    int vector(int value) {
        Integer known = vectors.get(value);
        if (known == null) {
            known = !passes.isVarying(value) ? spread(value) : isReloaded(value) ? reload(value) : make(value);
            vectors.put(value, known);
        }
        return known;
    }

    /**
     * Inside the loop, from where HotSpot takes it out again: a vector object that comes in from outside may be
     * allocated once a row.
     */
    private int spread(int value) {
        return switch (body.get(value).dtype()) {
            case F32 -> asm.spreadFloat(row.scalar(value));
            case I32 -> asm.spreadInt(row.scalar(value));
            case BOOL -> asm.spreadMask(row.scalar(value));
        };
    }

    void spill(int value) {
        int vector = vector(value);
        DType dtype = body.get(value).dtype();
        asm.save(dtype == DType.F32, storable(vector, dtype), addresses.bufferAddress(value), -1);
    }

    private int reload(int value) {
        DType dtype = body.get(value).dtype();
        return loaded(asm.load(dtype == DType.F32, addresses.bufferAddress(value)), dtype);
    }

    void store(int instruction, Instruction.Store store) {
        boolean floats = store.dtype() == DType.F32;
        int vector = storable(vector(store.operand()), store.dtype());
        if (store.at().innerStride() == 1) {
            asm.save(floats, vector, addresses.vectorAddress(instruction), row.mask());
        } else {
            asm.save(floats, vector, addresses.bufferAddress(instruction), -1);
        }
    }

    private int make(int value) {
        Instruction instruction = body.get(value);
        boolean floats = instruction.dtype() == DType.F32;
        return switch (instruction) {
            case Instruction.Load load -> load(value, load.at(), load.dtype());
            case Instruction.Index index -> {
                int lanes = index.at().innerStride() == 1 ? row.lanes() : addresses.scaledLanes(value, row.lanes());
                int first = asm.spreadInt(addresses.indexAtColumn(value));
                yield asm.call(Assembly.INTS, "add", lanes, first);
            }
            case Instruction.Uniform u ->
                elementary.uniform(
                        vector(u.key0()), vector(u.key1()), asm.spreadInt(row.constant(value)), vector(u.counter()));
            case Instruction.Unary unary -> unary(unary, floats);
            case Instruction.Binary binary -> binary(binary, floats);
            case Instruction.Compare compare ->
                asm.compare(
                        compare.operands() == DType.F32,
                        compare.kind().name(),
                        vector(compare.left()),
                        vector(compare.right()));
            case Instruction.Select select -> select(select, floats);
            case Instruction.Cast cast -> cast(cast);
            default -> throw new IllegalStateException("no vector: " + instruction);
        };
    }

    private int load(int value, Affine at, DType dtype) {
        boolean floats = dtype == DType.F32;
        Runnable address = at.innerStride() == 1 ? addresses.vectorAddress(value) : addresses.bufferAddress(value);
        return loaded(asm.load(floats, address), dtype);
    }

    /** Truth values lie in memory as 0 and 1. */
    private int loaded(int vector, DType dtype) {
        return dtype == DType.BOOL ? asm.compare(false, "NE", vector, asm.ints(0)) : vector;
    }

    private int storable(int vector, DType dtype) {
        return dtype == DType.BOOL ? asm.blend(false, asm.ints(0), asm.ints(1), vector) : vector;
    }

    private int unary(Instruction.Unary unary, boolean floats) {
        int x = vector(unary.operand());
        if (Elementary.has(unary.kind())) {
            return elementary.of(unary.kind(), x);
        }
        ClassDesc kind = floats ? Assembly.FLOATS : Assembly.INTS;
        return switch (unary.kind()) {
            case NEG -> asm.call(kind, "neg", x);
            case ABS -> asm.call(kind, "abs", x);
            case SIGN -> {
                int zero = floats ? asm.floats(0) : asm.ints(0);
                int positive =
                        asm.blend(floats, x, floats ? asm.floats(1) : asm.ints(1), asm.compare(floats, "LT", zero, x));
                yield asm.blend(
                        floats, positive, floats ? asm.floats(-1) : asm.ints(-1), asm.compare(floats, "LT", x, zero));
            }
            case SIN -> laneByLane("eachSin", x, -1);
            case COS -> laneByLane("eachCos", x, -1);
            case NOT -> asm.not(x);
            case EXP, LOG, SQRT, RSQRT, TANH, ERF, FLOOR -> throw new IllegalStateException("elementary: " + unary);
        };
    }

    private int binary(Instruction.Binary binary, boolean floats) {
        ClassDesc kind = floats ? Assembly.FLOATS : Assembly.INTS;
        int left = vector(binary.left());
        int right = vector(binary.right());
        return switch (binary.kind()) {
            case ADD -> asm.call(kind, "add", left, right);
            case SUB -> asm.call(kind, "sub", left, right);
            case MUL -> asm.call(kind, "mul", left, right);
            case DIV -> asm.call(kind, "div", left, right);
            case MAXIMUM -> asm.call(kind, "max", left, right);
            case MINIMUM -> asm.call(kind, "min", left, right);
            case POW -> laneByLane("eachPow", left, right);
            case AND -> asm.masks("and", left, right);
            case OR -> asm.masks("or", left, right);
        };
    }

    private int select(Instruction.Select select, boolean floats) {
        int condition = vector(select.condition());
        int yes = vector(select.whereTrue());
        int no = vector(select.whereFalse());
        if (select.dtype() == DType.BOOL) {
            return asm.masks("or", asm.masks("and", condition, yes), asm.masks("and", asm.not(condition), no));
        }
        return asm.blend(floats, no, yes, condition);
    }

    private int cast(Instruction.Cast cast) {
        int x = vector(cast.operand());
        if (cast.from() == cast.dtype()) {
            return x;
        }
        return switch (cast.dtype()) {
            case F32 -> cast.from() == DType.BOOL ? asm.blend(true, asm.floats(0), asm.floats(1), x) : asm.toFloats(x);
            case I32 -> cast.from() == DType.BOOL ? asm.blend(false, asm.ints(0), asm.ints(1), x) : asm.toInts(x);
            case BOOL ->
                cast.from() == DType.F32
                        ? asm.compare(true, "NE", x, asm.floats(0))
                        : asm.compare(false, "NE", x, asm.ints(0));
        };
    }

    private int laneByLane(String name, int x, int y) {
        asm.save(true, x, addresses.stage(0), -1);
        addresses.stage(0).run();
        if (y < 0) {
            code.invokestatic(Assembly.LANES, name, Assembly.type(Assembly.VOID, Assembly.LONG));
        } else {
            asm.save(true, y, addresses.stage(1), -1);
            addresses.stage(1).run();
            code.invokestatic(Assembly.LANES, name, Assembly.type(Assembly.VOID, Assembly.LONG, Assembly.LONG));
        }
        return asm.load(true, addresses.stage(0));
    }
}
