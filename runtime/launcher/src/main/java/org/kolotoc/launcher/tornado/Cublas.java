package org.kolotoc.launcher.tornado;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.stream.Stream;

/**
 * NVIDIA's library of matrix products, by its C interface.
 *
 * @param create {@code cublasCreate(handle*)}
 * @param product {@code cublasGemmStridedBatchedEx}: handle, transposed a and b, m, n, k, alpha, a with its type, line and
 *     stride, b likewise, beta, c likewise, batches, type of computation, algorithm
 * @param allocate {@code cuMemAlloc(pointer*, bytes)} of the driver
 */
record Cublas(
        MethodHandle create,
        MethodHandle destroy,
        MethodHandle setStream,
        MethodHandle setWorkspace,
        MethodHandle product,
        MethodHandle allocate,
        MethodHandle free,
        MethodHandle setContext) {
    /** The versions of CUDA that have the functions above, the newest first; and where its installer puts them. */
    private static final List<String> NAMES =
            List.of("libcublas.so.13", "libcublas.so.12", "libcublas.so.11", "/usr/local/cuda/lib64/libcublas.so");

    /**
     * Loads the library, for good.
     *
     * @throws IllegalArgumentException saying that it is not there
     */
    @SuppressWarnings("restricted")
    static Cublas load() {
        SymbolLookup driver = SymbolLookup.libraryLookup(BackEnd.CUDA.driver(), Arena.global());
        SymbolLookup library = NAMES.stream()
                .flatMap(name -> {
                    try {
                        return Stream.of(SymbolLookup.libraryLookup(name, Arena.global()));
                    } catch (IllegalArgumentException _) {
                        return Stream.<SymbolLookup>empty();
                    }
                })
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        String.join(", ", NAMES) + " not found; LD_LIBRARY_PATH names the folders of libraries"));
        return new Cublas(
                function(library, "cublasCreate_v2", ADDRESS),
                function(library, "cublasDestroy_v2", ADDRESS),
                function(library, "cublasSetStream_v2", ADDRESS, ADDRESS),
                function(library, "cublasSetWorkspace_v2", ADDRESS, ADDRESS, JAVA_LONG),
                function(
                        library,
                        "cublasGemmStridedBatchedEx",
                        ADDRESS,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_INT,
                        ADDRESS,
                        ADDRESS,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_LONG,
                        ADDRESS,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_LONG,
                        ADDRESS,
                        ADDRESS,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_LONG,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_INT),
                function(driver, "cuMemAlloc_v2", ADDRESS, JAVA_LONG),
                function(driver, "cuMemFree_v2", JAVA_LONG),
                function(driver, "cuCtxSetCurrent", ADDRESS));
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(SymbolLookup library, String name, MemoryLayout... arguments) {
        return Linker.nativeLinker()
                .downcallHandle(library.findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
    }
}
