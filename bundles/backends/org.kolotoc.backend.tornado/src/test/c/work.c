/* Stands for NVIDIA's driver, beside cuda.c: streams, graphs, events and images of kernels. */
#define _GNU_SOURCE
#include "cuda.h"
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- Work, and streams that do it or record it ---- */
typedef enum { LAUNCH, PRODUCT, UP, DOWN } Kind;

typedef struct Work {
    Kind kind;
    Address device, host;
    size_t amount;      /* bytes, or operations of a product */
    int from_pinned;
    struct Work *next;
} Work;

typedef struct { Work *first, **end; } Graph;

typedef struct { Graph *recording; } Stream;

static Stream standard;

static Result perform(const Work *work) {
    static const char *names[] = {"kernel", "product", "cuMemcpyHtoD", "cuMemcpyDtoH"};
    Result fault = called(names[work->kind]);
    if (fault) return fault;
    switch (work->kind) {
        case LAUNCH: return count.launches++, DONE;
        case PRODUCT: return count.products++, count.product_flops += work->amount, DONE;
        default: break;
    }
    int on_host = place(pinned, work->host, work->amount);
    if (place(allocated, work->device, work->amount) != INSIDE || on_host == ACROSS) return refuse(INVALID_VALUE);
    if (work->from_pinned && on_host != INSIDE) return refuse(ILLEGAL_ADDRESS);
    if (work->kind == UP) {
        memcpy((void *) work->device, (void *) work->host, work->amount);
        return count.copies_up++, count.bytes_up += work->amount, DONE;
    }
    memcpy((void *) work->host, (void *) work->device, work->amount);
    return count.copies_down++, count.bytes_down += work->amount, DONE;
}

static Result submit(Stream *stream, Work work) {
    Graph *graph = (stream ? stream : &standard)->recording;
    if (!graph) return perform(&work);
    Work *kept = malloc(sizeof *kept);
    *kept = work;
    kept->from_pinned = place(pinned, work.host, work.amount) == INSIDE;
    *graph->end = kept;
    graph->end = &kept->next;
    return DONE;
}

Result cuMemcpyHtoDAsync_v2(Address device, const void *host, size_t bytes, Stream *stream) {
    return submit(stream, (Work) {.kind = UP, .device = device, .host = (Address) host, .amount = bytes});
}

Result cuMemcpyDtoHAsync_v2(void *host, Address device, size_t bytes, Stream *stream) {
    return submit(stream, (Work) {.kind = DOWN, .device = device, .host = (Address) host, .amount = bytes});
}

Result cuMemcpyDtoD_v2(Address to, Address from, size_t bytes) {
    if (place(allocated, to, bytes) != INSIDE || place(allocated, from, bytes) != INSIDE) return refuse(INVALID_VALUE);
    return memmove((void *) to, (void *) from, bytes), DONE;
}

Result cuLaunchKernel(const void *function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by,
                      unsigned bz, unsigned shared, Stream *stream, void **arguments, void **extra) {
    uint64_t threads = (uint64_t) bx * by * bz;
    if (!threads || threads > 1024 || bz > 64 || !gx || gx > INT32_MAX || !gy || gy > 65535 || !gz || gz > 65535)
        return refuse(INVALID_VALUE);
    Result fault = called("cuLaunchKernel");
    return fault ? fault : later(submit(stream, (Work) {.kind = LAUNCH}));
}

/* For the pretended cuBLAS. */
Result pretended_product(Stream *stream, size_t operations) {
    return later(submit(stream, (Work) {.kind = PRODUCT, .amount = operations}));
}

Result cuStreamCreate(Stream **stream, unsigned flags) { return *stream = calloc(1, sizeof **stream), DONE; }

Result cuStreamCreateWithPriority(Stream **stream, unsigned flags, int priority) {
    return cuStreamCreate(stream, flags);
}

Result cuStreamDestroy_v2(Stream *stream) { return free(stream), DONE; }
Result cuStreamWaitEvent(Stream *stream, void *event, unsigned flags) { return DONE; }

/* Not while it records, as the driver. */
Result cuStreamSynchronize(Stream *stream) {
    return stream && stream->recording ? refuse(900) : (count.waits++, called("cuStreamSynchronize"));
}

/* ---- Graphs ---- */
Result cuStreamBeginCapture_v2(Stream *stream, int mode) {
    if (stream->recording) return refuse(INVALID_VALUE);
    stream->recording = calloc(1, sizeof(Graph));
    stream->recording->end = &stream->recording->first;
    return DONE;
}

Result cuStreamIsCapturing(Stream *stream, int *status) { return *status = stream && stream->recording, DONE; }

Result cuStreamEndCapture(Stream *stream, Graph **graph) {
    *graph = stream->recording;
    stream->recording = NULL;
    return *graph ? DONE : refuse(INVALID_VALUE);
}

/* What can be launched is a copy of its own: the recording is destroyed before. */
Result cuGraphInstantiateWithFlags(Graph **made, const Graph *graph, uint64_t flags) {
    *made = calloc(1, sizeof **made);
    (*made)->end = &(*made)->first;
    for (const Work *work = graph->first; work; work = work->next) {
        Work *kept = malloc(sizeof *kept);
        *kept = *work;
        kept->next = NULL;
        *(*made)->end = kept;
        (*made)->end = &kept->next;
    }
    return count.graphs++, DONE;
}

Result cuGraphExecUpdate_v2(Graph *made, const Graph *graph, void *result) { return refuse(INVALID_VALUE); }

Result cuGraphLaunch(const Graph *graph, Stream *stream) {
    Result fault = called("cuGraphLaunch");
    if (fault) return fault;
    count.graph_launches++;
    for (const Work *work = graph->first; work; work = work->next) {
        Result result = perform(work);
        if (result) return later(result);
    }
    return DONE;
}

Result cuGraphDestroy(Graph *graph) {
    for (Work *work = graph->first, *next; work; work = next) {
        next = work->next;
        free(work);
    }
    return free(graph), DONE;
}

Result cuGraphExecDestroy(Graph *graph) { return cuGraphDestroy(graph); }

/* ---- Events: when they were recorded ---- */
typedef struct timespec Event;

Result cuEventCreate(Event **event, unsigned flags) { return *event = calloc(1, sizeof **event), DONE; }
Result cuEventDestroy_v2(Event *event) { return free(event), DONE; }
Result cuEventRecord(Event *event, Stream *stream) { return clock_gettime(CLOCK_MONOTONIC, event), DONE; }
Result cuEventQuery(Event *event) { return called("cuEventQuery"); }
Result cuEventSynchronize(Event *event) { return count.waits++, called("cuEventSynchronize"); }

Result cuEventElapsedTime_v2(float *milliseconds, const Event *from, const Event *to) {
    *milliseconds = (to->tv_sec - from->tv_sec) * 1e3f + (to->tv_nsec - from->tv_nsec) * 1e-6f;
    return DONE;
}

Result cuEventElapsedTime(float *milliseconds, const Event *from, const Event *to) {
    return cuEventElapsedTime_v2(milliseconds, from, to);
}

/* ---- Images of kernels: machine code in ELF, or a text that ends with 0 ---- */
typedef struct { size_t bytes; char content[]; } Image;

static size_t size(const void *image) {
    const Elf64_Ehdr *elf = image;
    if (memcmp(image, ELFMAG, SELFMAG)) return strlen(image);
    size_t end = elf->e_shoff + (size_t) elf->e_shnum * elf->e_shentsize;
    size_t segments = elf->e_phoff + (size_t) elf->e_phnum * elf->e_phentsize;
    return end > segments ? end : segments;
}

Result cuModuleLoadData(Image **image, const void *data) {
    Result fault = called("cuModuleLoadData");
    if (fault) return fault;
    size_t bytes = size(data);
    if (!bytes) return refuse(INVALID_IMAGE);
    *image = malloc(sizeof **image + bytes);
    (*image)->bytes = bytes;
    memcpy((*image)->content, data, bytes);
    const char *folder = getenv("KOLOTOC_PRETENDED_IMAGES");
    if (folder) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%lld", folder, (long long) count.images);
        FILE *file = fopen(path, "wb");
        if (!file) return refuse(INVALID_VALUE);
        fwrite(data, 1, bytes, file);
        fclose(file);
    }
    return count.images++, DONE;
}

Result cuModuleLoadDataEx(Image **image, const void *data, unsigned options, int *names, void **values) {
    return cuModuleLoadData(image, data);
}

Result cuModuleUnload(Image *image) { return free(image), DONE; }

/* Where its name stands in the image. */
Result cuModuleGetFunction(void **function, Image *image, const char *name) {
    *function = memmem(image->content, image->bytes, name, strlen(name));
    return *function ? DONE : refuse(NOT_FOUND);
}

Result cuOccupancyMaxPotentialBlockSize(int *grid, int *block, void *function, void *shared, size_t bytes, int limit) {
    return *grid = 132, *block = 1024, DONE;
}
