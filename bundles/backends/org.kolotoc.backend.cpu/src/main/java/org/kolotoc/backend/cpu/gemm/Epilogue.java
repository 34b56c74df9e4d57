package org.kolotoc.backend.cpu.gemm;

/** What is done to the product before it is stored. */
public enum Epilogue {
    /** Nothing. */
    NONE,
    /** A vector of n floats is added to every row. */
    BIAS
}
