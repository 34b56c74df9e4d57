/*
 * Stands for NVIDIA's library of matrix products, libcublas, on the pretended driver, which counts them. Refuses what
 * cuBLAS refuses: lines that are shorter than what lies in them.
 */
#include <stdint.h>
#include <stdlib.h>

typedef struct { void *stream; } Handle;

int pretended_product(void *stream, size_t operations);

int cublasCreate_v2(Handle **handle) { return (*handle = calloc(1, sizeof **handle)) ? 0 : 3; }
int cublasSetStream_v2(Handle *handle, void *stream) { return handle->stream = stream, 0; }
int cublasSetWorkspace_v2(Handle *handle, void *workspace, size_t bytes) { return 0; }

int cublasDestroy_v2(Handle *handle) {
    free(handle);
    return 0;
}

int cublasGemmStridedBatchedEx(Handle *handle, int turn_a, int turn_b, int m, int n, int k, const void *alpha,
                               const void *a, int type_a, int line_a, int64_t stride_a, const void *b, int type_b,
                               int line_b, int64_t stride_b, const void *beta, void *c, int type_c, int line_c,
                               int64_t stride_c, int batches, int computation, int algorithm) {
    if (m < 0 || n < 0 || k < 0 || batches < 0) return 7;
    if (line_a < (turn_a ? k : m) || line_b < (turn_b ? n : k) || line_c < m) return 7;
    return pretended_product(handle->stream, (size_t) 2 * m * n * k * batches) ? 13 : 0;
}
