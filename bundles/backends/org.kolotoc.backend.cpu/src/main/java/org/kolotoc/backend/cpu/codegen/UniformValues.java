package org.kolotoc.backend.cpu.codegen;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.kolotoc.backend.cpu.codegen.Arguments.Argument;
import org.kolotoc.compiler.Instruction;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Op.UnaryKind;

/** The values of a row that are the same all along it, as scalars in local variables; constants are that in all rows. */
final class UniformValues {
    private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
    private static final ClassDesc FLOAT = ClassDesc.of("java.lang.Float");

    private final Assembly asm;
    private final CodeBuilder code;
    private final List<Instruction> body;
    private final Passes passes;
    private final Map<Integer, Integer> locals = new HashMap<>();
    /** Elementary functions that are called: the class has to have them. */
    private final Set<UnaryKind> functions = EnumSet.noneOf(UnaryKind.class);
    /** For each constant, and each random number's stream, the local that holds it. */
    private final Map<Integer, Integer> constants = new HashMap<>();

    UniformValues(Assembly asm, List<Instruction> body, Passes passes) {
        this.asm = asm;
        this.code = asm.code;
        this.body = body;
        this.passes = passes;
    }

    /** Fetches the constants, before the first row. */
    void fetch(Arguments arguments) {
        for (int i = 0; i < body.size(); i++) {
            Argument constant = new Argument.Constant(i);
            if (arguments.has(constant)) {
                asm.argument(arguments.place(constant)).l2i();
                boolean floats = body.get(i) instanceof Instruction.Constant c && c.dtype() == DType.F32;
                if (floats) {
                    code.invokestatic(FLOAT, "intBitsToFloat", Assembly.type(Assembly.FLOAT, Assembly.INT));
                }
                constants.put(i, asm.store(floats ? TypeKind.FLOAT : TypeKind.INT));
            }
        }
    }

    /** Elementary functions that the class needs as methods of one float. */
    Set<UnaryKind> functions() {
        return functions;
    }

    /** The local of a constant, or of the stream of a random number. */
    int constant(int value) {
        return constants.get(value);
    }

    int local(int value) {
        return locals.get(value);
    }

    void define(int value, int local) {
        locals.put(value, local);
    }

    /** Computes what becomes known after so many reductions; {@code load} gives loads and indices. */
    void compute(int level, IntUnaryOperator load) {
        for (int i = 0; i < body.size(); i++) {
            Instruction instruction = body.get(i);
            boolean writes =
                    instruction instanceof Instruction.Store || instruction instanceof Instruction.ColumnReduce;
            if (passes.isVarying(i)
                    || passes.level(i) != level
                    || writes
                    || instruction instanceof Instruction.RowReduce) {
                continue;
            }
            locals.put(
                    i,
                    switch (instruction) {
                        case Instruction.Load _, Instruction.Index _ -> load.applyAsInt(i);
                        case Instruction.Constant _ -> constant(i);
                        default -> scalar(i, instruction);
                    });
        }
    }

    private int scalar(int value, Instruction instruction) {
        boolean floats = instruction.dtype() == DType.F32;
        switch (instruction) {
            case Instruction.Uniform u -> {
                code.iload(local(u.key0()))
                        .iload(local(u.key1()))
                        .iload(constant(value))
                        .iload(local(u.counter()));
                code.invokestatic(
                        ClassDesc.of("org.kolotoc.tensor.CounterRandom"),
                        "uniform",
                        Assembly.type(Assembly.FLOAT, Assembly.INT, Assembly.INT, Assembly.INT, Assembly.INT));
            }
            case Instruction.Unary unary -> unary(unary, floats);
            case Instruction.Binary binary -> binary(binary, floats);
            case Instruction.Compare compare -> compare(compare);
            case Instruction.Select select -> {
                Label otherwise = code.newLabel();
                Label end = code.newLabel();
                code.iload(local(select.condition())).ifeq(otherwise);
                push(select.whereTrue(), floats);
                code.goto_(end);
                code.labelBinding(otherwise);
                push(select.whereFalse(), floats);
                code.labelBinding(end);
            }
            case Instruction.Cast cast -> cast(cast);
            default -> throw new IllegalStateException("no scalar: " + instruction);
        }
        return asm.store(floats ? TypeKind.FLOAT : TypeKind.INT);
    }

    private void push(int value, boolean floats) {
        code.loadLocal(floats ? TypeKind.FLOAT : TypeKind.INT, local(value));
    }

    private void unary(Instruction.Unary unary, boolean floats) {
        push(unary.operand(), floats);
        switch (unary.kind()) {
            case NEG -> {
                if (floats) {
                    code.fneg();
                } else {
                    code.ineg();
                }
            }
            case ABS -> {
                ClassDesc type = floats ? Assembly.FLOAT : Assembly.INT;
                code.invokestatic(MATH, "abs", Assembly.type(type, type));
            }
            case SIGN -> {
                if (floats) {
                    code.invokestatic(MATH, "signum", Assembly.type(Assembly.FLOAT, Assembly.FLOAT));
                } else {
                    code.invokestatic(
                            ClassDesc.of("java.lang.Integer"), "signum", Assembly.type(Assembly.INT, Assembly.INT));
                }
            }
            case NOT -> code.iconst_1().ixor();
            case EXP, LOG, SQRT, RSQRT, TANH, ERF, FLOOR -> {
                functions.add(unary.kind());
                code.invokestatic(KernelWriter.NAME, Elementary.name(unary.kind()), Elementary.TYPE);
            }
            case SIN, COS -> code.invokestatic(Assembly.LANES, Elementary.name(unary.kind()), Elementary.TYPE);
        }
    }

    private void binary(Instruction.Binary binary, boolean floats) {
        push(binary.left(), floats);
        push(binary.right(), floats);
        ClassDesc type = floats ? Assembly.FLOAT : Assembly.INT;
        switch (binary.kind()) {
            case ADD -> pick(floats, code::fadd, code::iadd);
            case SUB -> pick(floats, code::fsub, code::isub);
            case MUL -> pick(floats, code::fmul, code::imul);
            case DIV -> code.fdiv();
            case MAXIMUM -> code.invokestatic(MATH, "max", Assembly.type(type, type, type));
            case MINIMUM -> code.invokestatic(MATH, "min", Assembly.type(type, type, type));
            case POW -> code.invokestatic(Assembly.LANES, "pow", Assembly.type(type, type, type));
            case AND -> code.iand();
            case OR -> code.ior();
        }
    }

    private static void pick(boolean floats, Runnable floating, Runnable whole) {
        (floats ? floating : whole).run();
    }

    /** NaN makes every comparison false but NE. */
    private void compare(Instruction.Compare compare) {
        boolean floats = compare.operands() == DType.F32;
        push(compare.left(), floats);
        push(compare.right(), floats);
        Label yes = code.newLabel();
        Label end = code.newLabel();
        if (floats) {
            // fcmpg gives 1 for NaN, which is neither less nor equal.
            code.fcmpg();
            switch (compare.kind()) {
                case EQ -> code.ifeq(yes);
                case NE -> code.ifne(yes);
                case LT -> code.iflt(yes);
                case LE -> code.ifle(yes);
            }
        } else {
            switch (compare.kind()) {
                case EQ -> code.if_icmpeq(yes);
                case NE -> code.if_icmpne(yes);
                case LT -> code.if_icmplt(yes);
                case LE -> code.if_icmple(yes);
            }
        }
        code.iconst_0().goto_(end);
        code.labelBinding(yes);
        code.iconst_1();
        code.labelBinding(end);
    }

    private void cast(Instruction.Cast cast) {
        push(cast.operand(), cast.from() == DType.F32);
        if (cast.from() == DType.F32 && cast.dtype() == DType.I32) {
            code.f2i();
        } else if (cast.from() != DType.F32 && cast.dtype() == DType.F32) {
            code.i2f();
        } else if (cast.dtype() == DType.BOOL) {
            Label yes = code.newLabel();
            Label end = code.newLabel();
            if (cast.from() == DType.F32) {
                code.fconst_0().fcmpg();
            }
            code.ifne(yes).iconst_0().goto_(end);
            code.labelBinding(yes);
            code.iconst_1();
            code.labelBinding(end);
        }
    }
}
