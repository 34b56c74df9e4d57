package org.kolotoc.backend.tornado.kernels;

import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Op.BinaryKind;
import org.kolotoc.tensor.Op.CompareKind;
import org.kolotoc.tensor.Op.ReduceKind;
import org.kolotoc.tensor.Op.UnaryKind;

/**
 * Functions of one or two numbers as code. The device's own function is used where it is accurate on every device; what
 * may be a rough approximation there (tanh), drops what is not a number (maximum) or is missing (erf) is written out.
 */
final class Elementary {
    /** From here on a float has no fraction. */
    private static final float WHOLE = 0x1p23f;
    /** The smallest float above all ints; its negative is the smallest int. */
    private static final float BEYOND_INTS = 0x1p31f;

    // Rational functions x P(x^2) / Q(x^2), fitted to the smallest largest relative error, about 3e-7.
    private static final float TANH_LIMIT = 9.1f;
    private static final float[] TANH_P = {1f, 0.13374463f, 0.0034877968f, 2.0480953e-5f, 1.317721e-8f};
    private static final float[] TANH_Q = {1f, 0.46707776f, 0.025847334f, 3.2728969e-4f, 7.703916e-7f};
    private static final float ERF_LIMIT = 4f;
    private static final float[] ERF_P = {
        1.1283791f, 0.19354472f, 0.053101648f, 0.0038833127f, 2.8456267e-4f, 1.9867548e-6f
    };
    private static final float[] ERF_Q = {1f, 0.50485706f, 0.11534981f, 0.015207193f, 0.0011855586f, 3.7419715e-5f};

    private static final int PARITY = 0x1BD11BDA;
    private static final int[][] ROTATIONS = {{13, 15, 26, 6}, {17, 29, 16, 24}};

    private final Code code;

    Elementary(Code code) {
        this.code = code;
    }

    Operand unary(UnaryKind kind, Operand x) {
        return switch (kind) {
            case NEG -> code.neg(x);
            case ABS -> x.floating() ? code.math("abs", x) : code.select(code.less(x, zero(x)), code.neg(x), x);
            case SIGN -> sign(x);
            case EXP -> code.math("exp", x);
            case LOG -> code.math("log", x);
            case SQRT -> code.math("sqrt", x);
            case RSQRT -> code.div(Operand.of(1f), code.math("sqrt", x));
            case TANH -> rational(x, TANH_LIMIT, TANH_P, TANH_Q);
            case ERF -> rational(x, ERF_LIMIT, ERF_P, ERF_Q);
            case SIN -> code.math("sin", x);
            case COS -> code.math("cos", x);
            case FLOOR -> floor(x);
            case NOT -> code.xor(x, Operand.of(1));
        };
    }

    Operand binary(BinaryKind kind, Operand x, Operand y) {
        return switch (kind) {
            case ADD -> code.add(x, y);
            case SUB -> code.sub(x, y);
            case MUL -> code.mul(x, y);
            case DIV -> code.div(x, y);
            case MAXIMUM -> largest(x, y);
            case MINIMUM -> smallest(x, y);
            case POW -> code.math("pow", x, y);
            case AND -> code.and(x, y);
            case OR -> code.or(x, y);
        };
    }

    /** Comparisons are put together of those that are false for what is not a number. */
    Operand compare(CompareKind kind, Operand x, Operand y) {
        return switch (kind) {
            case EQ -> code.equal(x, y);
            case NE -> code.xor(code.equal(x, y), Operand.of(1));
            case LT -> code.less(x, y);
            case LE ->
                x.floating() ? code.or(code.less(x, y), code.equal(x, y)) : code.xor(code.less(y, x), Operand.of(1));
        };
    }

    Operand cast(Operand x, DType from, DType to) {
        if (from == to || from == DType.BOOL && to == DType.I32) {
            return x;
        }
        return switch (to) {
            case F32 -> code.toFloat(x);
            case I32 -> truncated(x);
            case BOOL -> compare(CompareKind.NE, x, zero(x));
        };
    }

    /** What a reduction begins with. */
    static Operand identity(ReduceKind kind, boolean floating) {
        return switch (kind) {
            case SUM -> floating ? Operand.of(0f) : Operand.of(0);
            case MAX -> floating ? Operand.of(Float.NEGATIVE_INFINITY) : Operand.of(Integer.MIN_VALUE);
        };
    }

    Operand combine(ReduceKind kind, Operand x, Operand y) {
        return kind == ReduceKind.SUM ? code.add(x, y) : largest(x, y);
    }

    /** A device's own conversion may give anything for what is not a number or beyond the ints. */
    private Operand truncated(Operand x) {
        Operand high = code.less(x, Operand.of(BEYOND_INTS));
        Operand inside = code.and(high, code.less(Operand.of(-BEYOND_INTS), x));
        Operand beyond = code.select(high, Operand.of(Integer.MIN_VALUE), Operand.of(Integer.MAX_VALUE));
        Operand whole = code.select(inside, code.toInt(x), beyond);
        return code.select(code.equal(x, x), whole, Operand.of(0));
    }

    /** Not a number if one of them is not; of zeros the positive one, which is also their sum. */
    Operand largest(Operand x, Operand y) {
        Operand larger = code.select(code.less(x, y), y, x);
        return x.floating() ? unlessZeroOrNone(x, y, larger, code.add(x, y)) : larger;
    }

    private Operand smallest(Operand x, Operand y) {
        Operand smaller = code.select(code.less(y, x), y, x);
        return x.floating() ? unlessZeroOrNone(x, y, smaller, code.neg(code.add(code.neg(x), code.neg(y)))) : smaller;
    }

    private Operand unlessZeroOrNone(Operand x, Operand y, Operand chosen, Operand ofZeros) {
        Operand zeros = code.and(code.equal(x, zero(x)), code.equal(y, zero(y)));
        return code.select(code.equal(y, y), code.select(zeros, ofZeros, chosen), y);
    }

    private static Operand zero(Operand like) {
        return like.floating() ? Operand.of(0f) : Operand.of(0);
    }

    private Operand sign(Operand x) {
        boolean floating = x.floating();
        Operand positive = code.select(code.less(zero(x), x), floating ? Operand.of(1f) : Operand.of(1), x);
        return code.select(code.less(x, zero(x)), floating ? Operand.of(-1f) : Operand.of(-1), positive);
    }

    private Operand floor(Operand x) {
        Operand truncated = code.toFloat(code.toInt(x));
        Operand below = code.select(code.less(x, truncated), code.sub(truncated, Operand.of(1f)), truncated);
        // A zero keeps its sign.
        Operand whole = code.select(code.equal(x, zero(x)), x, below);
        return code.select(code.less(code.math("abs", x), Operand.of(WHOLE)), whole, x);
    }

    private Operand rational(Operand x, float limit, float[] p, float[] q) {
        Operand bounded = clamp(x, limit);
        Operand square = code.mul(bounded, bounded);
        Operand ratio = code.div(code.mul(bounded, horner(p, square)), horner(q, square));
        // The fit ends a unit in the last place beside 1.
        return clamp(ratio, 1);
    }

    /** What is not a number stays. */
    private Operand clamp(Operand x, float limit) {
        Operand most = code.select(code.less(Operand.of(limit), x), Operand.of(limit), x);
        return code.select(code.less(most, Operand.of(-limit)), Operand.of(-limit), most);
    }

    private Operand horner(float[] coefficients, Operand x) {
        Operand sum = Operand.of(coefficients[coefficients.length - 1]);
        for (int i = coefficients.length - 2; i >= 0; i--) {
            sum = code.add(code.mul(sum, x), Operand.of(coefficients[i]));
        }
        return sum;
    }

    /** Threefry-2x32-20, first word; see {@link org.kolotoc.tensor.CounterRandom}. */
    Operand uniform(Operand key0, Operand key1, int stream, Operand counter) {
        Operand[] keys = {key0, key1, code.xor(code.xor(key0, key1), Operand.of(PARITY))};
        Operand x0 = code.add(counter, key0);
        Operand x1 = code.add(Operand.of(stream), key1);
        for (int group = 0; group < 5; group++) {
            for (int rotation : ROTATIONS[group & 1]) {
                x0 = code.add(x0, x1);
                Operand rotated = code.or(code.shiftLeft(x1, rotation), code.shiftRight(x1, 32 - rotation));
                x1 = code.xor(rotated, x0);
            }
            x0 = code.add(x0, keys[(group + 1) % 3]);
            x1 = code.add(code.add(x1, keys[(group + 2) % 3]), Operand.of(group + 1));
        }
        return code.mul(code.toFloat(code.shiftRight(x0, 8)), Operand.of(0x1p-24f));
    }

    /**
     * Without its last bits, to nearest, ties to even; without the bits of a float, which not every translator gives.
     * The power of two at the head of {@code x} is found by two roundings (Rump, Ogita and Oishi, SIAM J. Sci. Comput.
     * 31, 2008); adding 1.5 times 2^dropped of it and taking that away again rounds. The absolute value stands where a
     * product and a difference in one rounding would be wrong.
     *
     * @param dropped how many bits
     */
    Operand rounded(Operand x, int dropped) {
        Operand size = code.math("abs", x);
        Operand large = code.less(Operand.of(0x1p90f), size);
        Operand small = code.less(size, Operand.of(0x1p-90f));
        Operand down =
                code.select(large, Operand.of(0x1p-40f), code.select(small, Operand.of(0x1p40f), Operand.of(1f)));
        Operand up = code.select(large, Operand.of(0x1p40f), code.select(small, Operand.of(0x1p-40f), Operand.of(1f)));
        Operand scaled = code.mul(x, down);
        Operand spread = code.mul(scaled, Operand.of(0x1p23f + 1));
        Operand nearly = code.math("abs", code.mul(spread, Operand.of(1 - 0x1p-24f)));
        Operand head = code.sub(code.math("abs", spread), nearly);
        Operand rounder = code.mul(head, Operand.of(1.5f * (1 << dropped)));
        Operand rounded = code.mul(code.sub(code.add(scaled, rounder), rounder), up);
        return code.select(code.less(size, Operand.of(Float.POSITIVE_INFINITY)), rounded, x);
    }
}
