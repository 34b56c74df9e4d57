package org.kolotoc.backend.tornado.kernels;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.kolotoc.backend.tornado.kernels.Operand.Local;
import org.kolotoc.backend.tornado.kernels.Operand.Real;
import org.kolotoc.backend.tornado.kernels.Operand.Whole;

/**
 * The body of a kernel in three-address form: every method appends one operation and returns where its result is. The
 * control flow is as plain as a translator to OpenCL C or PTX likes it: loops that are left at their head, conditions
 * without an alternative.
 */
final class Code {
    static final String API = "uk.ac.manchester.tornado.api.";
    static final ClassDesc CONTEXT = ClassDesc.of(API + "KernelContext");
    static final ClassDesc FLOATS = ClassDesc.of(API + "types.arrays.FloatArray");
    static final ClassDesc INTS = ClassDesc.of(API + "types.arrays.IntArray");
    /** Its functions of floats become those of the device; {@link Math} would compute in double precision. */
    static final ClassDesc MATH = ClassDesc.of(API + "math.TornadoMath");

    private static final ClassDesc INT = ConstantDescs.CD_int;
    private static final ClassDesc FLOAT = ConstantDescs.CD_float;
    private static final ClassDesc INTEGER = ClassDesc.of("java.lang.Integer");

    private final CodeBuilder code;
    private final Placement placement;
    private final List<DeviceMemory> arguments;
    private final LaunchParameters parameters;

    /**
     * Code of a method whose parameter 0 is the kernel context.
     *
     * @param arguments arrays in the parameters after it
     * @param parameters how many numbers of its launch the code takes from the array after these; 0 also while that is
     *     not known yet
     * @param planes whether each plane of groups is a launch of its own, with its own line of parameters
     */
    Code(CodeBuilder code, Placement placement, List<DeviceMemory> arguments, int parameters, boolean planes) {
        this.code = code;
        this.placement = placement;
        this.arguments = arguments;
        this.parameters = new LaunchParameters(this, parameters, planes);
    }

    /** See {@link LaunchParameters#of}. */
    Operand parameter(Object name, int value) {
        return parameters.of(name, value);
    }

    /** What the launch passes, in the order in which the code asked for it. */
    List<Integer> parameters() {
        return parameters.values();
    }

    // Position of the work item

    /** A field of the kernel context: {@code globalIdx}, {@code localIdx}, {@code groupIdy}, ... */
    Local id(String field) {
        code.aload(0).getfield(CONTEXT, field, INTEGER);
        code.invokevirtual(INTEGER, "intValue", MethodTypeDesc.of(INT));
        return result(false);
    }

    void barrier() {
        code.aload(0).invokevirtual(CONTEXT, "localBarrier", MethodTypeDesc.of(ConstantDescs.CD_void));
    }

    // Memory

    /** Where an element of a buffer of the plan lies in its array. */
    Operand place(int buffer, int element) {
        return parameter(List.of(buffer, element), placement.offset(buffer) + element);
    }

    /** An element of an array that holds a buffer. */
    Operand load(int buffer, Operand index) {
        return load(placement.memory(buffer), index);
    }

    /** An element of an array. */
    Operand load(DeviceMemory memory, Operand index) {
        return load(slot(memory), memory.floating(), index);
    }

    /** An element of the array of ints behind the arguments. */
    Operand loadParameter(Operand index) {
        return load(arguments.size() + 1, false, index);
    }

    private Operand load(int slot, boolean floating, Operand index) {
        code.aload(slot);
        push(index);
        code.invokevirtual(floating ? FLOATS : INTS, "get", MethodTypeDesc.of(floating ? FLOAT : INT, INT));
        return result(floating);
    }

    void store(int buffer, Operand index, Operand value) {
        store(placement.memory(buffer), index, value);
    }

    void store(DeviceMemory memory, Operand index, Operand value) {
        code.aload(slot(memory));
        push(index);
        push(value);
        code.invokevirtual(
                value.floating() ? FLOATS : INTS,
                "set",
                MethodTypeDesc.of(ConstantDescs.CD_void, INT, value.floating() ? FLOAT : INT));
    }

    private int slot(DeviceMemory memory) {
        int position = arguments.indexOf(memory);
        if (position < 0) {
            throw new IllegalStateException(memory + " is not among the arguments " + arguments);
        }
        return position + 1;
    }

    /** Memory that the items of a group share, of so many elements. */
    GroupMemory shared(boolean floating, int size) {
        code.aload(0).loadConstant(size);
        ClassDesc type = (floating ? FLOAT : INT).arrayType();
        String name = floating ? "allocateFloatLocalArray" : "allocateIntLocalArray";
        code.invokevirtual(CONTEXT, name, MethodTypeDesc.of(type, INT));
        int slot = code.allocateLocal(TypeKind.REFERENCE);
        code.astore(slot);
        return new GroupMemory(this, code, slot, floating);
    }

    // Arithmetic

    Operand add(Operand a, Operand b) {
        if (a instanceof Whole x && b instanceof Whole y) {
            return Operand.of(x.value() + y.value());
        }
        if (a.is(0) || b.is(0)) {
            return a.is(0) ? b : a;
        }
        both(a, b);
        return a.floating() ? floats(code.fadd()) : ints(code.iadd());
    }

    Operand sub(Operand a, Operand b) {
        if (a instanceof Whole x && b instanceof Whole y) {
            return Operand.of(x.value() - y.value());
        }
        if (b.is(0)) {
            return a;
        }
        both(a, b);
        return a.floating() ? floats(code.fsub()) : ints(code.isub());
    }

    Operand mul(Operand a, Operand b) {
        if (a instanceof Whole x && b instanceof Whole y) {
            return Operand.of(x.value() * y.value());
        }
        if (a.is(0) || b.is(0)) {
            return Operand.of(0);
        }
        if (a.is(1) || b.is(1)) {
            return a.is(1) ? b : a;
        }
        both(a, b);
        return a.floating() ? floats(code.fmul()) : ints(code.imul());
    }

    Operand div(Operand a, Operand b) {
        if (b.is(1)) {
            return a;
        }
        both(a, b);
        return a.floating() ? floats(code.fdiv()) : ints(code.idiv());
    }

    Operand rem(Operand a, int b) {
        if (b == 1) {
            return Operand.of(0);
        }
        both(a, Operand.of(b));
        return ints(code.irem());
    }

    Operand neg(Operand a) {
        push(a);
        return a.floating() ? floats(code.fneg()) : ints(code.ineg());
    }

    Operand and(Operand a, Operand b) {
        both(a, b);
        return ints(code.iand());
    }

    Operand or(Operand a, Operand b) {
        both(a, b);
        return ints(code.ior());
    }

    Operand xor(Operand a, Operand b) {
        both(a, b);
        return ints(code.ixor());
    }

    Operand shiftLeft(Operand a, int distance) {
        both(a, Operand.of(distance));
        return ints(code.ishl());
    }

    /** Zeros come in from the left, whichever shift the device has. */
    Operand shiftRight(Operand a, int distance) {
        both(a, Operand.of(distance));
        code.ishr().loadConstant(-1 >>> distance);
        return ints(code.iand());
    }

    Operand toFloat(Operand a) {
        push(a);
        return floats(code.i2f());
    }

    /** Towards zero. */
    Operand toInt(Operand a) {
        push(a);
        return ints(code.f2i());
    }

    /** A function of floats of the device's library. */
    Operand math(String function, Operand... arguments) {
        for (Operand argument : arguments) {
            push(argument);
        }
        List<ClassDesc> types = Collections.nCopies(arguments.length, FLOAT);
        return floats(code.invokestatic(MATH, function, MethodTypeDesc.of(FLOAT, types)));
    }

    // Conditions; a truth value is an int, 0 or 1

    /** {@code a < b}; false where one is not a number. */
    Operand less(Operand a, Operand b) {
        if (a instanceof Whole x && b instanceof Whole y) {
            return Operand.of(x.value() < y.value() ? 1 : 0);
        }
        both(a, b);
        Label no = code.newLabel();
        if (a.floating()) {
            code.fcmpg().ifge(no);
        } else {
            code.if_icmpge(no);
        }
        return truth(no);
    }

    Operand equal(Operand a, Operand b) {
        if (a instanceof Whole x && b instanceof Whole y) {
            return Operand.of(x.value() == y.value() ? 1 : 0);
        }
        both(a, b);
        Label no = code.newLabel();
        if (a.floating()) {
            code.fcmpl().ifne(no);
        } else {
            code.if_icmpne(no);
        }
        return truth(no);
    }

    private Operand truth(Label no) {
        Label end = code.newLabel();
        int slot = code.allocateLocal(TypeKind.INT);
        code.iconst_1().istore(slot).goto_(end);
        code.labelBinding(no);
        code.iconst_0().istore(slot);
        code.labelBinding(end);
        return new Local(slot, false);
    }

    /** Of two numbers that are both there. */
    Operand select(Operand condition, Operand whereTrue, Operand whereFalse) {
        if (condition instanceof Whole known) {
            return known.value() != 0 ? whereTrue : whereFalse;
        }
        Label no = code.newLabel();
        Label end = code.newLabel();
        TypeKind kind = whereTrue.floating() ? TypeKind.FLOAT : TypeKind.INT;
        int slot = code.allocateLocal(kind);
        push(condition);
        code.ifeq(no);
        push(whereTrue);
        code.storeLocal(kind, slot).goto_(end);
        code.labelBinding(no);
        push(whereFalse);
        code.storeLocal(kind, slot);
        code.labelBinding(end);
        return new Local(slot, whereTrue.floating());
    }

    /** The smaller of two ints. */
    Operand atMost(Operand a, Operand b) {
        return select(less(b, a), b, a);
    }

    // Control flow

    /** A variable that {@link #assign} changes. */
    Local variable(Operand initial) {
        push(initial);
        return result(initial.floating());
    }

    void assign(Local variable, Operand value) {
        push(value);
        code.storeLocal(variable.floating() ? TypeKind.FLOAT : TypeKind.INT, variable.slot());
    }

    void when(Operand condition, Runnable body) {
        if (condition instanceof Whole known) {
            if (known.value() != 0) {
                body.run();
            }
            return;
        }
        Label end = code.newLabel();
        push(condition);
        code.ifeq(end);
        body.run();
        code.labelBinding(end);
    }

    /** {@code for (int i = start; i < limit; i += step) body(i)}. */
    void loop(Operand start, Operand limit, int step, Consumer<Operand> body) {
        if (start instanceof Whole from && limit instanceof Whole to && from.value() + step >= to.value()) {
            // A condition that is always the same is more than TornadoVM translates.
            if (from.value() < to.value()) {
                body.accept(start);
            }
            return;
        }
        Local i = variable(start);
        Label top = code.newLabel();
        Label end = code.newLabel();
        code.labelBinding(top);
        both(i, limit);
        code.if_icmpge(end);
        body.accept(i);
        assign(i, add(i, Operand.of(step)));
        code.goto_(top);
        code.labelBinding(end);
    }

    /** {@code while (i >= 0) body()}, which changes {@code i}. */
    void whileNotNegative(Local i, Runnable body) {
        Label top = code.newLabel();
        Label end = code.newLabel();
        code.labelBinding(top);
        push(i);
        code.iflt(end);
        body.run();
        code.goto_(top);
        code.labelBinding(end);
    }

    private void both(Operand a, Operand b) {
        push(a);
        push(b);
    }

    void push(Operand operand) {
        switch (operand) {
            case Local local -> code.loadLocal(local.floating() ? TypeKind.FLOAT : TypeKind.INT, local.slot());
            case Whole whole -> code.loadConstant(whole.value());
            case Real real -> code.loadConstant(real.value());
        }
    }

    private Local floats(CodeBuilder appended) {
        return result(true);
    }

    private Local ints(CodeBuilder appended) {
        return result(false);
    }

    /** What is on the stack, as an operand. */
    Local result(boolean floating) {
        TypeKind kind = floating ? TypeKind.FLOAT : TypeKind.INT;
        int slot = code.allocateLocal(kind);
        code.storeLocal(kind, slot);
        return new Local(slot, floating);
    }
}
