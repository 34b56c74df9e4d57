package org.kolotoc.backend.cpu.codegen;

import static org.kolotoc.backend.cpu.codegen.Assembly.FLOATS;
import static org.kolotoc.backend.cpu.codegen.Assembly.INTS;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.MethodTypeDesc;
import java.util.Locale;
import org.kolotoc.tensor.Op.UnaryKind;

/**
 * Elementary functions as vector code, written out where they are used. What is there once a row goes through the same code,
 * one value in all lanes, in a method of its own. So the bits of a result depend on its operand alone, wherever it stands and whatever it is fused with, on every machine
 * that has a fused multiply-add.
 *
 * <p>Relative errors, measured against double precision: exp and log under 2 units in the last place, tanh under 3e-7,
 * erf under 4e-7.
 */
final class Elementary {
    private static final float LOG2_E = 1.44269504f;
    // ln 2 in two parts, the first with trailing zeros, so that its product with a small whole number is exact.
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;
    /** Adding it rounds to a whole number, which then stands in the low bits. */
    private static final float ROUNDER = 12582912f;

    private static final int ROUNDER_BITS = 0x4B400000;
    private static final float[] EXP = {1, 1, 1 / 2f, 1 / 6f, 1 / 24f, 1 / 120f, 1 / 720f, 1 / 5040f};

    // Rational functions of x^2 by weighted least squares against the largest relative error: x P(x^2) / Q(x^2).
    private static final float TANH_LIMIT = 9.1f;
    private static final float[] TANH_P = {1f, 0.13374463f, 0.0034877968f, 2.0480953e-5f, 1.317721e-8f};
    private static final float[] TANH_Q = {1f, 0.46707776f, 0.025847334f, 3.2728969e-4f, 7.703916e-7f};
    private static final float ERF_LIMIT = 4f;
    private static final float[] ERF_P = {
        1.1283791f, 0.19354472f, 0.053101648f, 0.0038833127f, 2.8456267e-4f, 1.9867548e-6f
    };
    private static final float[] ERF_Q = {1f, 0.50485706f, 0.11534981f, 0.015207193f, 0.0011855586f, 3.7419715e-5f};

    private final Assembly asm;

    Elementary(Assembly asm) {
        this.asm = asm;
    }

    /** Of a method that has the function for a float. */
    static final MethodTypeDesc TYPE = Assembly.type(Assembly.FLOAT, Assembly.FLOAT);

    static String name(UnaryKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** The body of a static method that takes and gives a float. */
    static void method(UnaryKind kind, CodeBuilder code) {
        Assembly asm = new Assembly(code);
        int result = asm.first(true, new Elementary(asm).of(kind, asm.spreadFloat(0)));
        code.fload(result).freturn();
    }

    /** Whether there is vector code for a function of floats. */
    static boolean has(UnaryKind kind) {
        return switch (kind) {
            case EXP, LOG, SQRT, RSQRT, TANH, ERF, FLOOR -> true;
            case NEG, ABS, SIGN, SIN, COS, NOT -> false;
        };
    }

    /** A function that it {@link #has}. */
    int of(UnaryKind kind, int x) {
        return switch (kind) {
            case EXP -> exp(x);
            case LOG -> log(x);
            case SQRT -> asm.call(FLOATS, "sqrt", x);
            case RSQRT -> asm.call(FLOATS, "div", asm.floats(1), asm.call(FLOATS, "sqrt", x));
            case TANH -> rational(x, TANH_LIMIT, TANH_P, TANH_Q);
            case ERF -> rational(x, ERF_LIMIT, ERF_P, ERF_Q);
            case FLOOR -> floor(x);
            case NEG, ABS, SIGN, SIN, COS, NOT -> throw new IllegalStateException("no vector code: " + kind);
        };
    }

    /** {@code 2^n exp(r)} with {@code x = n ln 2 + r}; beyond its range 0 and infinity, NaN stays. */
    private int exp(int x) {
        // Past these bounds the result is 0 or infinite anyway, and n stays small.
        int bounded = atMost(x, 89f);
        bounded = asm.blend(true, bounded, asm.floats(-104f), asm.compare(true, "LT", bounded, asm.floats(-104f)));
        int shifted = asm.fma(bounded, asm.floats(LOG2_E), ROUNDER);
        int n = asm.add(shifted, -ROUNDER);
        int rest = asm.fma(n, asm.floats(-LN2_HIGH), bounded);
        int r = asm.fma(n, asm.floats(-LN2_LOW), rest);
        int power = asm.call(INTS, "sub", asm.asInts(shifted), asm.ints(ROUNDER_BITS));
        // In two steps, for results that are subnormal and for 2^128.
        int half = asm.shift("ASHR", power, 1);
        int other = asm.call(INTS, "sub", power, half);
        int scaled = asm.call(FLOATS, "mul", horner(EXP, r), powerOfTwo(half));
        return asm.call(FLOATS, "mul", scaled, powerOfTwo(other));
    }

    /** {@code e ln 2 + 2 atanh((m - 1) / (m + 1))} with {@code x = 2^e m}, {@code m} around 1. */
    private int log(int x) {
        int zero = asm.floats(0);
        int small = asm.compare(true, "LT", x, asm.floats(Float.MIN_NORMAL));
        int normal = asm.blend(true, x, asm.mul(x, 0x1p25f), small);
        int bits = asm.call(INTS, "sub", asm.asInts(normal), asm.ints(0x3F3504F3));
        int exponent = asm.toFloats(asm.shift("ASHR", bits, 23));
        int e = asm.blend(true, exponent, asm.add(exponent, -25), small);
        int mantissa = asm.bitwise("AND", bits, asm.ints(0x007FFFFF));
        int m = asm.asFloats(asm.call(INTS, "add", mantissa, asm.ints(0x3F3504F3)));
        int s = asm.call(FLOATS, "div", asm.add(m, -1), asm.add(m, 1));
        int z = asm.call(FLOATS, "mul", s, s);
        int tail = asm.call(FLOATS, "mul", horner(new float[] {2 / 3f, 2 / 5f, 2 / 7f, 2 / 9f}, z), z);
        int twice = asm.call(FLOATS, "add", s, s);
        int logM = asm.fma(s, tail, twice);
        int sum = asm.fma(e, asm.floats(LN2_HIGH), asm.fma(e, asm.floats(LN2_LOW), logM));
        int infinite = asm.blend(true, sum, x, asm.compare(true, "EQ", x, asm.floats(Float.POSITIVE_INFINITY)));
        int atZero = asm.blend(true, infinite, asm.floats(Float.NEGATIVE_INFINITY), asm.compare(true, "EQ", x, zero));
        int negative = asm.blend(true, atZero, asm.floats(Float.NaN), asm.compare(true, "LT", x, zero));
        return asm.blend(true, negative, x, asm.compare(true, "NE", x, x));
    }

    private int floor(int x) {
        int truncated = asm.toFloats(asm.toInts(x));
        int above = asm.compare(true, "LT", x, truncated);
        int floor = asm.blend(true, truncated, asm.add(truncated, -1), above);
        // From 2^23 on there are no fractions; NaN and infinities pass too. So does what is whole, lest -0 lose its
        // sign.
        int small = asm.compare(true, "LT", asm.call(FLOATS, "abs", x), asm.floats(0x1p23f));
        int fraction = asm.masks("and", small, asm.compare(true, "NE", x, truncated));
        return asm.blend(true, x, floor, fraction);
    }

    /** Threefry-2x32-20, first word; see {@link org.kolotoc.tensor.CounterRandom}. */
    int uniform(int key0, int key1, int stream, int counter) {
        int[][] rotations = {{13, 15, 26, 6}, {17, 29, 16, 24}};
        int[] keys = {key0, key1, asm.bitwise("XOR", asm.bitwise("XOR", key0, key1), asm.ints(0x1BD11BDA))};
        int x0 = asm.call(INTS, "add", counter, key0);
        int x1 = asm.call(INTS, "add", stream, key1);
        for (int group = 0; group < 5; group++) {
            for (int rotation : rotations[group & 1]) {
                x0 = asm.call(INTS, "add", x0, x1);
                x1 = asm.bitwise("XOR", asm.shift("ROL", x1, rotation), x0);
            }
            x0 = asm.call(INTS, "add", x0, keys[(group + 1) % 3]);
            x1 = asm.call(INTS, "add", asm.call(INTS, "add", x1, keys[(group + 2) % 3]), asm.ints(group + 1));
        }
        return asm.mul(asm.toFloats(asm.shift("LSHR", x0, 8)), 0x1p-24f);
    }

    /** On magnitudes, so that each bound is needed on one side only. */
    private int rational(int x, float limit, float[] p, float[] q) {
        int bounded = atMost(asm.call(FLOATS, "abs", x), limit);
        int z = asm.call(FLOATS, "mul", bounded, bounded);
        int numerator = asm.call(FLOATS, "mul", bounded, horner(p, z));
        // The fit ends a unit in the last place beside 1.
        int ratio = atMost(asm.call(FLOATS, "div", numerator, horner(q, z)), 1f);
        int sign = asm.bitwise("AND", asm.asInts(x), asm.ints(Integer.MIN_VALUE));
        return asm.asFloats(asm.bitwise("OR", asm.asInts(ratio), sign));
    }

    /** NaN stays. A comparison and a choice are two instructions, a minimum by Java's rules is six. */
    private int atMost(int x, float limit) {
        return asm.blend(true, x, asm.floats(limit), asm.compare(true, "GT", x, asm.floats(limit)));
    }

    private int horner(float[] coefficients, int x) {
        int sum = asm.floats(coefficients[coefficients.length - 1]);
        for (int i = coefficients.length - 2; i >= 0; i--) {
            sum = asm.fma(sum, x, coefficients[i]);
        }
        return sum;
    }

    private int powerOfTwo(int n) {
        return asm.asFloats(asm.shift("LSHL", asm.call(INTS, "add", n, asm.ints(127)), 23));
    }
}
