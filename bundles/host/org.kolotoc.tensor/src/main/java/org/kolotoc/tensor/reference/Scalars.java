package org.kolotoc.tensor.reference;

import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Op;

/** Elementwise operations on one element; integers wrap around as {@code int} does. */
final class Scalars {
    private Scalars() {}

    static double unary(Op.UnaryKind kind, DType dtype, double x) {
        double result = switch (kind) {
            case NEG -> -x;
            case ABS -> Math.abs(x);
            case SIGN -> Math.signum(x);
            case EXP -> StrictMath.exp(x);
            case LOG -> StrictMath.log(x);
            case SQRT -> Math.sqrt(x);
            case RSQRT -> 1 / Math.sqrt(x);
            case TANH -> StrictMath.tanh(x);
            case ERF -> ErrorFunction.erf(x);
            case SIN -> StrictMath.sin(x);
            case COS -> StrictMath.cos(x);
            case FLOOR -> Math.floor(x);
            case NOT -> x == 0 ? 1 : 0;
        };
        return wrapped(dtype, result);
    }

    static double binary(Op.BinaryKind kind, DType dtype, double x, double y) {
        if (dtype == DType.I32 && kind == Op.BinaryKind.MUL) {
            return (int) x * (int) y;
        }
        double result = switch (kind) {
            case ADD -> x + y;
            case SUB -> x - y;
            case MUL -> x * y;
            case DIV -> x / y;
            case MAXIMUM -> Math.max(x, y);
            case MINIMUM -> Math.min(x, y);
            case POW -> x == 1 || x == -1 && Double.isInfinite(y) ? 1 : StrictMath.pow(x, y);
            case AND -> x != 0 && y != 0 ? 1 : 0;
            case OR -> x != 0 || y != 0 ? 1 : 0;
        };
        return wrapped(dtype, result);
    }

    static boolean compare(Op.CompareKind kind, double x, double y) {
        return switch (kind) {
            case EQ -> x == y;
            case NE -> x != y;
            case LT -> x < y;
            case LE -> x <= y;
        };
    }

    static double cast(DType to, double x) {
        return switch (to) {
            case F32 -> x;
            case I32 -> (int) x;
            case BOOL -> x != 0 ? 1 : 0;
        };
    }

    private static double wrapped(DType dtype, double x) {
        return dtype == DType.I32 ? (int) (long) x : x;
    }

    /**
     * The nearest float whose last bits are 0, of two as near the even one; beyond the largest, infinity.
     *
     * @param dropped how many bits, at least one
     */
    static double rounded(double x, int dropped) {
        int bits = Float.floatToRawIntBits((float) x);
        if (Float.isNaN((float) x)) {
            return Double.NaN;
        }
        int even = bits >>> dropped & 1;
        return Float.intBitsToFloat(bits + (1 << dropped - 1) - 1 + even & -1 << dropped);
    }
}
