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
}
