/**
 * Matrix products in single precision: one contract, {@link org.kolotoc.backend.cpu.gemm.Gemm}, and two ways to fulfil
 * it, a native library (oneDNN) and kernels on the Java Vector API.
 */
package org.kolotoc.backend.cpu.gemm;
