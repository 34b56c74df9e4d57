/** Class files for fused kernels: instructions of a plan as bytecode on the Vector API, which HotSpot compiles to SIMD code. */
package org.kolotoc.backend.cpu.codegen;
