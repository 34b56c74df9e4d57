package org.kolotoc.tensor;

/** Element type of a tensor. Every type takes four bytes, so a lane is a lane whatever it holds. */
public enum DType {
    /** IEEE 754 single precision. */
    F32,
    /** 32-bit two's complement integer: tokens, positions, indices. */
    I32,
    /** Truth value, stored as a 32-bit 0 or 1. */
    BOOL;

    /** Bytes an element takes in a buffer. */
    public static final int BYTES = 4;

    /** {@code f32}, {@code i32} or {@code bool}, as printed in programs and errors. */
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /**
     * Whether a number is one of this type: a whole one that fits for {@code i32}, 0 or 1 for {@code bool}, one that has a
     * finite neighbour for {@code f32}, or is not finite itself.
     */
    public boolean has(double value) {
        return switch (this) {
            case F32 -> !Double.isFinite(value) || Float.isFinite((float) value);
            case I32 -> value == (int) value;
            case BOOL -> value == 0 || value == 1;
        };
    }

    /**
     * Checks what is about to be written to a buffer of this type.
     *
     * @throws IllegalArgumentException when one is no value of the type, naming it and where it stands
     */
    public void requireValues(int[] values) {
        for (int i = 0; this == BOOL && i < values.length; i++) {
            if ((values[i] & ~1) != 0) {
                throw new IllegalArgumentException("element " + i + " is " + values[i] + ": a truth value is 0 or 1");
            }
        }
    }
}
