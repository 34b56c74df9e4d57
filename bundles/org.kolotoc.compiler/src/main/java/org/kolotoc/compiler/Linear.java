package org.kolotoc.compiler;

import java.util.Arrays;

/**
 * A linear function of a position in a domain: {@code offset + sum(factors[d] * index[d])}.
 */
record Linear(int offset, int[] factors) {

    static Linear constant(int offset, int axes) {
        return new Linear(offset, new int[axes]);
    }

    static Linear axis(int axis, int factor, int axes) {
        int[] factors = new int[axes];
        factors[axis] = factor;
        return new Linear(0, factors);
    }

    /** {@code this + factor * other}. */
    Linear plus(Linear other, int factor) {
        int[] sum = factors.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += factor * other.factors[i];
        }
        return new Linear(offset + factor * other.offset, sum);
    }

    Linear plus(int constant) {
        return new Linear(offset + constant, factors);
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
        return other instanceof Linear that && offset == that.offset && Arrays.equals(factors, that.factors);
    }

    @Override
    public int hashCode() {
        return 31 * offset + Arrays.hashCode(factors);
    }
}
