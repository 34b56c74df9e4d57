package org.kolotoc.tensor;

/**
 * The standard normal number below which a share {@code u} of all lie: how {@link Op.RandomNormal} is made of
 * {@link Op.RandomUniform}. It is written once, for whatever computes it, and takes additions, products, quotients and
 * roots of single precision alone, each rounded by itself: so it has the same bits wherever those are of IEEE 754.
 *
 * <p>The inverse error function is that of Giles («Approximating the erfinv function», GPU Computing Gems, 2010); the
 * logarithm it needs is 64 times that of a root of order 64, which is so near 1 that four terms of its series do. Within
 * 2 parts in a million.
 */
public final class NormalQuantile {
    private static final float[] CENTRE = {
        2.81022636e-08f,
        3.43273939e-07f,
        -3.5233877e-06f,
        -4.39150654e-06f,
        0.00021858087f,
        -0.00125372503f,
        -0.00417768164f,
        0.246640727f,
        1.50140941f
    };
    private static final float[] TAIL = {
        -0.000200214257f,
        0.000100950558f,
        0.00134934322f,
        -0.00367342844f,
        0.00573950773f,
        -0.0076224613f,
        0.00943887047f,
        1.00167406f,
        2.83297682f
    };
    private static final float CENTRE_LIMIT = 5;
    /** Half of a step of uniform numbers, of which the middle is taken: never 0, never 1. */
    private static final float HALF_STEP = 0x1p-24f;

    private NormalQuantile() {}

    /** Numbers of single precision, each result rounded to the nearest of them. */
    public interface Arithmetic<T> {
        T constant(float value);

        T binary(Op.BinaryKind kind, T left, T right);

        T unary(Op.UnaryKind kind, T operand);

        /** The third where the first is less than the second, elsewhere the fourth. */
        T whereLess(T left, T right, T whereTrue, T whereFalse);
    }

    /**
     * Computes it.
     *
     * @param uniform a multiple of 2^-24 in [0, 1)
     */
    public static <T> T of(T uniform, Arithmetic<T> with) {
        return new Formula<>(with).of(uniform);
    }

    /** Of a number. */
    static float of(float uniform) {
        return of(uniform, FLOATS);
    }

    private static final Arithmetic<Float> FLOATS = new Arithmetic<>() {
        @Override
        public Float constant(float value) {
            return value;
        }

        @Override
        public Float binary(Op.BinaryKind kind, Float left, Float right) {
            return switch (kind) {
                case ADD -> left + right;
                case SUB -> left - right;
                case MUL -> left * right;
                case DIV -> left / right;
                default -> throw new IllegalArgumentException("not needed: " + kind);
            };
        }

        @Override
        public Float unary(Op.UnaryKind kind, Float operand) {
            return switch (kind) {
                case ABS -> Math.abs(operand);
                case SQRT -> (float) Math.sqrt(operand);
                default -> throw new IllegalArgumentException("not needed: " + kind);
            };
        }

        @Override
        public Float whereLess(Float left, Float right, Float whereTrue, Float whereFalse) {
            return left < right ? whereTrue : whereFalse;
        }
    };

    private record Formula<T>(Arithmetic<T> with) {
        T of(T uniform) {
            // From -1 to 1, exactly.
            T x = sub(mul(uniform, 2), with.constant(1 - HALF_STEP));
            T size = with.unary(Op.UnaryKind.ABS, x);
            T one = with.constant(1);
            T w = minusLogarithm(mul(sub(one, size), add(one, size)));
            T centre = polynomial(CENTRE, sub(w, with.constant(2.5f)));
            T tail = polynomial(TAIL, sub(with.unary(Op.UnaryKind.SQRT, w), with.constant(3)));
            T ratio = with.whereLess(w, with.constant(CENTRE_LIMIT), centre, tail);
            return mul(mul(ratio, x), (float) Math.sqrt(2));
        }

        /** {@code -log(y)}, as {@code -128 artanh((s - 1) / (s + 1))} of the root {@code s} of order 64. */
        private T minusLogarithm(T y) {
            T s = y;
            for (int order = 1; order < 64; order *= 2) {
                s = with.unary(Op.UnaryKind.SQRT, s);
            }
            T one = with.constant(1);
            T t = with.binary(Op.BinaryKind.DIV, sub(s, one), add(s, one));
            return mul(mul(t, -128), polynomial(new float[] {1 / 7f, 1 / 5f, 1 / 3f, 1}, mul(t, t)));
        }

        /** Coefficients of the highest power first. */
        private T polynomial(float[] coefficients, T x) {
            T sum = with.constant(coefficients[0]);
            for (int i = 1; i < coefficients.length; i++) {
                sum = add(mul(sum, x), with.constant(coefficients[i]));
            }
            return sum;
        }

        private T add(T a, T b) {
            return with.binary(Op.BinaryKind.ADD, a, b);
        }

        private T sub(T a, T b) {
            return with.binary(Op.BinaryKind.SUB, a, b);
        }

        private T mul(T a, T b) {
            return with.binary(Op.BinaryKind.MUL, a, b);
        }

        private T mul(T a, float factor) {
            return mul(a, with.constant(factor));
        }
    }
}
