package org.kolotoc.backend.cpu.codegen;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/**
 * Bytecode in three-address form: every method appends one vector operation on local variables and returns the local
 * that holds the result. HotSpot turns locals into registers.
 */
final class Assembly {
    static final ClassDesc VECTOR = ClassDesc.of("jdk.incubator.vector.Vector");
    static final ClassDesc FLOATS = ClassDesc.of("jdk.incubator.vector.FloatVector");
    static final ClassDesc INTS = ClassDesc.of("jdk.incubator.vector.IntVector");
    static final ClassDesc MASK = ClassDesc.of("jdk.incubator.vector.VectorMask");
    static final ClassDesc SHUFFLE = ClassDesc.of("jdk.incubator.vector.VectorShuffle");
    static final ClassDesc SPECIES = ClassDesc.of("jdk.incubator.vector.VectorSpecies");
    static final ClassDesc OPERATORS = ClassDesc.of("jdk.incubator.vector.VectorOperators");
    static final ClassDesc COMPARISON = ClassDesc.of("jdk.incubator.vector.VectorOperators$Comparison");
    static final ClassDesc CONVERSION = ClassDesc.of("jdk.incubator.vector.VectorOperators$Conversion");
    static final ClassDesc BINARY = ClassDesc.of("jdk.incubator.vector.VectorOperators$Binary");
    static final ClassDesc ASSOCIATIVE = ClassDesc.of("jdk.incubator.vector.VectorOperators$Associative");
    static final ClassDesc SEGMENT = ClassDesc.of("java.lang.foreign.MemorySegment");
    static final ClassDesc ORDER = ClassDesc.of("java.nio.ByteOrder");
    static final ClassDesc OF_FLOAT = ClassDesc.of("java.lang.foreign.ValueLayout$OfFloat");
    static final ClassDesc OF_INT = ClassDesc.of("java.lang.foreign.ValueLayout$OfInt");
    static final ClassDesc LANES = ClassDesc.of("org.kolotoc.backend.cpu.codegen.Lanes");
    static final ClassDesc VOID = ConstantDescs.CD_void;
    static final ClassDesc FLOAT = ConstantDescs.CD_float;
    static final ClassDesc INT = ConstantDescs.CD_int;
    static final ClassDesc LONG = ConstantDescs.CD_long;

    // Virtual registers that HotSpot's first compiler takes for an operation, about: how many of each kind a method may
    // have was tried with JDK 25. See HotSpotLimit.
    static final int LOAD = 190;
    static final int SAVE = 185;
    static final int SAVE_MASKED = 620;
    private static final int SCALAR_ACCESS = 350;
    static final int CONSTANT = 30;
    static final int SPREAD_FLOAT = 65;
    static final int SPREAD_INT = 330;
    static final int ARITHMETIC = 8;
    /** A comparison, or a choice by a mask. */
    static final int CHOICE = 20;

    static final int CONVERT = 55;
    /** An operation that is named by a constant. */
    static final int LANEWISE = 90;

    static final int FOLD = 130;

    final CodeBuilder code;
    private int registers;

    Assembly(CodeBuilder code) {
        this.code = code;
    }

    /** What was written so far takes, about. */
    int registers() {
        return registers;
    }

    static MethodTypeDesc type(ClassDesc result, ClassDesc... parameters) {
        return MethodTypeDesc.of(result, parameters);
    }

    int store(TypeKind kind) {
        int slot = code.allocateLocal(kind);
        code.storeLocal(kind, slot);
        return slot;
    }

    int reference() {
        return store(TypeKind.REFERENCE);
    }

    Assembly species(boolean floats) {
        code.getstatic(LANES, floats ? "F" : "I", SPECIES);
        return this;
    }

    private Assembly operator(String name, ClassDesc kind) {
        code.getstatic(OPERATORS, name, kind);
        return this;
    }

    /** Puts one of the {@link Arguments} on the stack. */
    CodeBuilder argument(int place) {
        return code.aload(KernelWriter.ARGUMENTS).loadConstant(place).laload();
    }

    /** The first lane as a scalar. */
    int first(boolean floats, int vector) {
        code.aload(vector).iconst_0().invokevirtual(floats ? FLOATS : INTS, "lane", type(floats ? FLOAT : INT, INT));
        return store(floats ? TypeKind.FLOAT : TypeKind.INT);
    }

    // Constants

    int floats(float value) {
        registers += CONSTANT;
        species(true);
        code.loadConstant(value);
        code.invokestatic(FLOATS, "broadcast", type(FLOATS, SPECIES, FLOAT));
        return reference();
    }

    int ints(int value) {
        registers += CONSTANT;
        species(false);
        code.loadConstant(value);
        code.invokestatic(INTS, "broadcast", type(INTS, SPECIES, INT));
        return reference();
    }

    int spreadFloat(int scalar) {
        registers += SPREAD_FLOAT;
        species(true);
        code.fload(scalar);
        code.invokestatic(FLOATS, "broadcast", type(FLOATS, SPECIES, FLOAT));
        return reference();
    }

    int spreadInt(int scalar) {
        registers += SPREAD_INT;
        species(false);
        code.iload(scalar);
        code.invokestatic(INTS, "broadcast", type(INTS, SPECIES, INT));
        return reference();
    }

    int spreadMask(int scalar) {
        registers += SPREAD_INT;
        species(true);
        code.iload(scalar);
        code.invokeinterface(SPECIES, "maskAll", type(MASK, ConstantDescs.CD_boolean));
        return reference();
    }

    int lanesConstant(String name, ClassDesc kind) {
        code.getstatic(LANES, name, kind);
        return reference();
    }

    // Arithmetic on vectors of one type

    /** {@code add sub mul div min max}: {@code left.name(right)}. */
    int call(ClassDesc kind, String name, int left, int right) {
        registers += ARITHMETIC;
        code.aload(left).aload(right);
        code.invokevirtual(kind, name, type(kind, VECTOR));
        return reference();
    }

    /** The same where a mask is set, {@code left} elsewhere. */
    int callMasked(ClassDesc kind, String operator, int left, int right, int mask) {
        registers += CHOICE;
        code.aload(left);
        operator(operator, ASSOCIATIVE);
        code.aload(right).aload(mask);
        code.invokevirtual(kind, "lanewise", type(kind, BINARY, VECTOR, MASK));
        return reference();
    }

    /** {@code neg abs sqrt}. */
    int call(ClassDesc kind, String name, int operand) {
        registers += ARITHMETIC;
        code.aload(operand);
        code.invokevirtual(kind, name, type(kind));
        return reference();
    }

    int fma(int a, int b, int c) {
        registers += ARITHMETIC;
        code.aload(a).aload(b).aload(c);
        code.invokevirtual(FLOATS, "fma", type(FLOATS, VECTOR, VECTOR));
        return reference();
    }

    /** {@code a * b + constant}. */
    int fma(int a, int b, float constant) {
        return fma(a, b, floats(constant));
    }

    int mul(int a, float constant) {
        return call(FLOATS, "mul", a, floats(constant));
    }

    int add(int a, float constant) {
        return call(FLOATS, "add", a, floats(constant));
    }

    /** {@code LSHL LSHR ASHR ROL} by a constant. */
    int shift(String operator, int a, int by) {
        registers += LANEWISE;
        code.aload(a);
        operator(operator, BINARY);
        code.loadConstant(by);
        code.invokevirtual(INTS, "lanewise", type(INTS, BINARY, INT));
        return reference();
    }

    /** {@code AND XOR OR} of ints. */
    int bitwise(String operator, int a, int b) {
        registers += LANEWISE;
        code.aload(a);
        operator(operator, ASSOCIATIVE);
        code.aload(b);
        code.invokevirtual(INTS, "lanewise", type(INTS, BINARY, VECTOR));
        return reference();
    }

    int asInts(int floats) {
        code.aload(floats).invokevirtual(FLOATS, "reinterpretAsInts", type(INTS));
        return reference();
    }

    int asFloats(int ints) {
        code.aload(ints).invokevirtual(INTS, "reinterpretAsFloats", type(FLOATS));
        return reference();
    }

    int toInts(int floats) {
        registers += CONVERT;
        code.aload(floats);
        operator("F2I", CONVERSION);
        code.iconst_0().invokevirtual(FLOATS, "convert", type(VECTOR, CONVERSION, INT));
        code.checkcast(INTS);
        return reference();
    }

    int toFloats(int ints) {
        registers += CONVERT;
        code.aload(ints);
        operator("I2F", CONVERSION);
        code.iconst_0().invokevirtual(INTS, "convert", type(VECTOR, CONVERSION, INT));
        code.checkcast(FLOATS);
        return reference();
    }

    // Masks: always of the float species

    int compare(boolean floats, String operator, int left, int right) {
        registers += CHOICE;
        ClassDesc kind = floats ? FLOATS : INTS;
        code.aload(left);
        operator(operator, COMPARISON);
        code.aload(right);
        code.invokevirtual(kind, "compare", type(MASK, COMPARISON, VECTOR));
        if (!floats) {
            species(true);
            code.invokevirtual(MASK, "cast", type(MASK, SPECIES));
        }
        return reference();
    }

    int intMask(int mask) {
        code.aload(mask);
        species(false);
        code.invokevirtual(MASK, "cast", type(MASK, SPECIES));
        return reference();
    }

    /** {@code and or} of masks. */
    int masks(String name, int left, int right) {
        registers += ARITHMETIC;
        code.aload(left).aload(right).invokevirtual(MASK, name, type(MASK, MASK));
        return reference();
    }

    int not(int mask) {
        registers += ARITHMETIC;
        code.aload(mask).invokevirtual(MASK, "not", type(MASK));
        return reference();
    }

    /** {@code whereTrue} where the mask is set. */
    int blend(boolean floats, int whereFalse, int whereTrue, int mask) {
        registers += CHOICE;
        ClassDesc kind = floats ? FLOATS : INTS;
        int fitting = floats ? mask : intMask(mask);
        code.aload(whereFalse).aload(whereTrue).aload(fitting);
        code.invokevirtual(kind, "blend", type(kind, VECTOR, MASK));
        return reference();
    }

    // Memory; the address is on the stack as a long, put there by the caller between begin and end

    /** A vector from an address; behind the last element of all memory that is read lies a vector's worth more. */
    int load(boolean floats, Runnable address) {
        registers += LOAD;
        ClassDesc kind = floats ? FLOATS : INTS;
        species(floats);
        code.getstatic(LANES, "ALL", SEGMENT);
        address.run();
        code.getstatic(LANES, "ORDER", ORDER);
        code.invokestatic(kind, "fromMemorySegment", type(kind, SPECIES, SEGMENT, LONG, ORDER));
        return reference();
    }

    /** A vector to an address, only where the mask is set if there is one (a local, or -1). */
    void save(boolean floats, int vector, Runnable address, int mask) {
        registers += mask < 0 ? SAVE : SAVE_MASKED;
        ClassDesc kind = floats ? FLOATS : INTS;
        int fitting = mask < 0 || floats ? mask : intMask(mask);
        code.aload(vector).getstatic(LANES, "ALL", SEGMENT);
        address.run();
        code.getstatic(LANES, "ORDER", ORDER);
        if (fitting < 0) {
            code.invokevirtual(kind, "intoMemorySegment", type(VOID, SEGMENT, LONG, ORDER));
        } else {
            code.aload(fitting);
            code.invokevirtual(kind, "intoMemorySegment", type(VOID, SEGMENT, LONG, ORDER, MASK));
        }
    }

    int loadScalar(boolean floats, Runnable address) {
        registers += SCALAR_ACCESS;
        code.getstatic(LANES, "ALL", SEGMENT);
        code.getstatic(LANES, floats ? "FLOAT" : "INT", floats ? OF_FLOAT : OF_INT);
        address.run();
        code.invokeinterface(SEGMENT, "get", type(floats ? FLOAT : INT, floats ? OF_FLOAT : OF_INT, LONG));
        return store(floats ? TypeKind.FLOAT : TypeKind.INT);
    }

    void saveScalar(boolean floats, int scalar, Runnable address) {
        registers += SCALAR_ACCESS;
        code.getstatic(LANES, "ALL", SEGMENT);
        code.getstatic(LANES, floats ? "FLOAT" : "INT", floats ? OF_FLOAT : OF_INT);
        address.run();
        code.loadLocal(floats ? TypeKind.FLOAT : TypeKind.INT, scalar);
        code.invokeinterface(SEGMENT, "set", type(VOID, floats ? OF_FLOAT : OF_INT, LONG, floats ? FLOAT : INT));
    }

    /** All lanes as one scalar, halves onto halves, so that the order is the same compiled or interpreted. */
    int folded(boolean floats, String name, int vector) {
        registers += FOLD;
        ClassDesc kind = floats ? FLOATS : INTS;
        int sum = vector;
        for (int half = Lanes.COUNT / 2; half >= 1; half /= 2) {
            code.aload(sum);
            code.aload(sum).getstatic(LANES, (floats ? "FOLD_" : "FOLD_INT_") + half, SHUFFLE);
            code.invokevirtual(kind, "rearrange", type(kind, SHUFFLE));
            code.invokevirtual(kind, name, type(kind, VECTOR));
            sum = reference();
        }
        return first(floats, sum);
    }
}
