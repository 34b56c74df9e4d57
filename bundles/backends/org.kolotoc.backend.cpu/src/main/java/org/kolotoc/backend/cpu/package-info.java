/** Runs compiled programs on the processor: kernels as class files on the Vector API, native matrix products, threads. */
package org.kolotoc.backend.cpu;
