/**
 * Convolution and its gradients in single precision: one contract, {@link org.kolotoc.backend.cpu.convolution.Convolver}, and
 * two ways to fulfil it, a native library (oneDNN) and matrix products of patches.
 */
package org.kolotoc.backend.cpu.convolution;
