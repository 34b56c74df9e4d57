package org.kolotoc.backend.cpu.gemm;

/** The precision in which a product is formed; operands and results are floats in memory all the same. */
public enum Compute {
    /** Single precision. */
    F32,
    /** Both operands rounded to bfloat16 (to nearest, ties to even), sums in single precision. */
    BF16,
    /** Likewise to TF32. */
    TF32
}
