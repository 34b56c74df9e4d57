package org.kolotoc.compiler;

import java.util.Arrays;

/**
 * A linear function of a position in a space: {@code offset + sum(factors[d] * index[d])}.
 */
record AffineExpr(int offset, int[] factors) {

    static AffineExpr constant(int offset, int axes) {
        return new AffineExpr(offset, new int[axes]);
    }

    static AffineExpr axis(int axis, int factor, int axes) {
        int[] factors = new int[axes];
        factors[axis] = factor;
        return new AffineExpr(0, factors);
    }

    /** {@code this + factor * other}. */
    AffineExpr plus(AffineExpr other, int factor) {
        int[] sum = factors.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += factor * other.factors[i];
        }
        return new AffineExpr(offset + factor * other.offset, sum);
    }

    AffineExpr plus(int constant) {
        return new AffineExpr(offset + constant, factors);
    }

    /** Whether it varies along axes from {@code first} on. */
    boolean variesFrom(int first) {
        for (int i = first; i < factors.length; i++) {
            if (factors[i] != 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AffineExpr that && offset == that.offset && Arrays.equals(factors, that.factors);
    }

    @Override
    public int hashCode() {
        return 31 * offset + Arrays.hashCode(factors);
    }
}
