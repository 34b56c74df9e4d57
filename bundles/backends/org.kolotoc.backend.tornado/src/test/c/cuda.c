/*
 * Stands for NVIDIA's driver, libcuda.so.1, where there is no card: one device whose kernels do nothing. Memory of the
 * device is memory of this process, so that copies copy; streams do at once what they are told, or record it; what is
 * done is counted, and told by pretended_count(name). It is as strict as the driver where programs went wrong on cards:
 * copies beyond an allocation, launches that are too large, host memory that is pinned in part or no longer.
 *
 * KOLOTOC_PRETENDED_BYTES    memory of the device, 140 GB by default
 * KOLOTOC_PRETENDED_TAKEN    of that, what other processes have, 0 by default
 * KOLOTOC_PRETENDED_IMAGES   a folder that gets each image of kernels that is loaded, as 0, 1, ...
 * KOLOTOC_PRETENDED_COUNTS   a file that gets all counts, "name=number" a line, when the process ends
 *
 * Declared by hand after the driver's reference manual, so that it builds without NVIDIA's headers. One thread at a time.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum {
    DONE = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, INVALID_IMAGE = 200, NOT_FOUND = 500, ILLEGAL_ADDRESS = 700,
    ALREADY_PINNED = 712, NOT_PINNED = 713
};

typedef int Result;
typedef uint64_t Address;

/* ---- What was done ---- */
#define COUNTS(X)                                                                                                      \
    X(launches) X(products) X(product_flops) X(graphs) X(graph_launches) X(copies_up) X(bytes_up) X(copies_down)       \
    X(bytes_down) X(allocations) X(bytes_asked) X(bytes_held) X(bytes_peak) X(refusals) X(images) X(pinned) X(waits)

static struct {
#define FIELD(name) int64_t name;
    COUNTS(FIELD)
} count;

int64_t pretended_count(const char *name) {
#define TELL(field)                                                                                                    \
    if (!strcmp(name, #field)) return count.field;
    COUNTS(TELL)
    return -1;
}

__attribute__((destructor)) static void write_counts(void) {
    const char *path = getenv("KOLOTOC_PRETENDED_COUNTS");
    FILE *file = path && count.allocations ? fopen(path, "w") : NULL;
    if (!file) return;
#define LINE(name) fprintf(file, #name "=%lld\n", (long long) count.name);
    COUNTS(LINE)
    fclose(file);
}

static Result refuse(Result error) {
    count.refusals++;
    return error;
}

/* ---- Ranges of memory: what is allocated on the device, what is pinned on the host ---- */
typedef struct Range { Address begin; size_t bytes; struct Range *next; } Range;

static Range *allocated, *pinned;

static void insert(Range **list, Address begin, size_t bytes) {
    Range *range = malloc(sizeof *range);
    *range = (Range) {begin, bytes, *list};
    *list = range;
}

/* The link to the range that begins there, or to the end of the list. */
static Range **find(Range **list, Address begin) {
    while (*list && (*list)->begin != begin) list = &(*list)->next;
    return list;
}

static void drop(Range **link) {
    Range *range = *link;
    *link = range->next;
    free(range);
}

enum { OUTSIDE, INSIDE, ACROSS };

static int place(const Range *list, Address begin, size_t bytes) {
    for (; list; list = list->next) {
        if (begin >= list->begin && begin + bytes <= list->begin + list->bytes) return INSIDE;
        if (begin < list->begin + list->bytes && list->begin < begin + bytes) return ACROSS;
    }
    return OUTSIDE;
}

/* ---- The device ---- */
static size_t setting(const char *name, size_t otherwise) {
    const char *bytes = getenv(name);
    return bytes ? strtoull(bytes, NULL, 10) : otherwise;
}

static size_t total(void) { return setting("KOLOTOC_PRETENDED_BYTES", 140000000000u); }

static size_t left(void) {
    size_t gone = setting("KOLOTOC_PRETENDED_TAKEN", 0) + count.bytes_held;
    return gone < total() ? total() - gone : 0;
}

Result cuInit(unsigned flags) { return DONE; }
Result cuDriverGetVersion(int *version) { return *version = 13000, DONE; }
Result cuDeviceGetCount(int *devices) { return *devices = 1, DONE; }
Result cuDeviceGet(int *device, int number) { return *device = number, number ? refuse(INVALID_VALUE) : DONE; }
Result cuDeviceGetName(char *name, int length, int device) { return snprintf(name, length, "pretended"), DONE; }
Result cuDeviceTotalMem_v2(size_t *bytes, int device) { return *bytes = total(), DONE; }

Result cuMemGetInfo_v2(size_t *free, size_t *all) { return *free = left(), *all = total(), DONE; }

/* Of compute capability 9.0, with the limits that NVIDIA's programming guide states for it. */
Result cuDeviceGetAttribute(int *value, int attribute, int device) {
    switch (attribute) {
        case 1: case 2: case 3: *value = 1024; break;                            /* threads of a block, along x, y */
        case 4: *value = 64; break;                                              /* along z */
        case 5: *value = INT32_MAX; break;                                       /* blocks along x */
        case 6: case 7: *value = 65535; break;                                   /* along y, z */
        case 8: *value = 49152; break;                                           /* shared memory of a block */
        case 9: case 12: *value = 65536; break;                                  /* constants, registers of a block */
        case 10: *value = 32; break;                                             /* threads of a warp */
        case 13: *value = 1980000; break;                                        /* kHz */
        case 16: *value = 132; break;                                            /* multiprocessors */
        case 31: case 40: *value = 1; break;                                     /* kernels, copies at the same time */
        case 75: *value = 9; break;
        default: *value = 0;
    }
    return DONE;
}

Result cuGetErrorName(Result error, const char **name) { return *name = "pretended", DONE; }
Result cuGetErrorString(Result error, const char **text) { return *text = "refused by the pretended driver", DONE; }

static int context;

Result cuCtxCreate_v4(void **made, void *parameters, unsigned flags, int device) { return *made = &context, DONE; }
Result cuCtxCreate_v2(void **made, unsigned flags, int device) { return *made = &context, DONE; }
Result cuCtxDestroy_v2(void *context) { return DONE; }
Result cuCtxSetCurrent(void *context) { return DONE; }
Result cuCtxSynchronize(void) { return count.waits++, DONE; }
Result cuCtxGetStreamPriorityRange(int *least, int *greatest) { return *least = *greatest = 0, DONE; }

/* NVIDIA's own libraries look for private functions there, and do without. */
Result cuGetExportTable(const void **table, const void *id) { return *table = NULL, NOT_FOUND; }

/* ---- Memory: pages are taken when they are first written ---- */
Result cuMemAlloc_v2(Address *address, size_t bytes) {
    if (!bytes) return refuse(INVALID_VALUE);
    if (bytes > left()) return refuse(OUT_OF_MEMORY);
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return refuse(OUT_OF_MEMORY);
    insert(&allocated, *address = (Address) memory, bytes);
    count.allocations++;
    count.bytes_asked += bytes;
    count.bytes_held += bytes;
    if (count.bytes_peak < count.bytes_held) count.bytes_peak = count.bytes_held;
    return DONE;
}

Result cuMemFree_v2(Address address) {
    Range **range = find(&allocated, address);
    if (!*range) return refuse(INVALID_VALUE);
    count.bytes_held -= (*range)->bytes;
    munmap((void *) address, (*range)->bytes);
    return drop(range), DONE;
}

Result cuMemsetD8_v2(Address address, unsigned char value, size_t bytes) {
    if (place(allocated, address, bytes) != INSIDE) return refuse(INVALID_VALUE);
    return memset((void *) address, value, bytes), DONE;
}

Result cuMemHostRegister_v2(void *memory, size_t bytes, unsigned flags) {
    if (place(pinned, (Address) memory, bytes) != OUTSIDE) return ALREADY_PINNED;
    insert(&pinned, (Address) memory, bytes);
    return count.pinned += bytes, DONE;
}

Result cuMemHostUnregister(void *memory) {
    Range **range = find(&pinned, (Address) memory);
    if (!*range) return NOT_PINNED;
    count.pinned -= (*range)->bytes;
    return drop(range), DONE;
}

Result cuMemAllocHost_v2(void **memory, size_t bytes) {
    *memory = malloc(bytes);
    return *memory ? cuMemHostRegister_v2(*memory, bytes, 0) : refuse(OUT_OF_MEMORY);
}

Result cuMemFreeHost(void *memory) {
    Result result = cuMemHostUnregister(memory);
    return free(memory), result;
}

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
    return submit(stream, (Work) {.kind = LAUNCH});
}

/* For the pretended cuBLAS. */
Result pretended_product(Stream *stream, size_t operations) {
    return submit(stream, (Work) {.kind = PRODUCT, .amount = operations});
}

Result cuStreamCreate(Stream **stream, unsigned flags) { return *stream = calloc(1, sizeof **stream), DONE; }

Result cuStreamCreateWithPriority(Stream **stream, unsigned flags, int priority) {
    return cuStreamCreate(stream, flags);
}

Result cuStreamDestroy_v2(Stream *stream) { return free(stream), DONE; }
Result cuStreamWaitEvent(Stream *stream, void *event, unsigned flags) { return DONE; }

/* Not while it records, as the driver. */
Result cuStreamSynchronize(Stream *stream) {
    return stream && stream->recording ? refuse(900) : (count.waits++, DONE);
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
    count.graph_launches++;
    for (const Work *work = graph->first; work; work = work->next) {
        Result result = perform(work);
        if (result) return result;
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
Result cuEventQuery(Event *event) { return DONE; }
Result cuEventSynchronize(Event *event) { return count.waits++, DONE; }

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
