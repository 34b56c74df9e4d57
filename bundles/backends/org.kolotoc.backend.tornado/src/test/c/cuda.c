/*
 * Stands for NVIDIA's driver, libcuda.so.1, where there is no card: one device whose kernels do nothing. Memory of the
 * device is memory of this process, so that copies copy; streams do at once what they are told, or record it; what is
 * done is counted, and told by pretended_count(name). It is as strict as the driver where programs went wrong on cards:
 * copies beyond an allocation, launches that are too large, host memory that is pinned in part or no longer.
 * Here are the device, its memory and its faults; work.c has what is done there.
 *
 * KOLOTOC_PRETENDED_BYTES    memory of the device, 140 GB by default
 * KOLOTOC_PRETENDED_TAKEN    of that, what other processes have, 0 by default
 * KOLOTOC_PRETENDED_VERSION  of CUDA that the driver speaks, 13000 by default
 * KOLOTOC_PRETENDED_CAPABILITY   of the device, 90 by default, which is 9.0
 * KOLOTOC_PRETENDED_FAULTS   what fails, and after how many calls: "kernel=700@200 cuMemAlloc=2@40 cuInit=803@0"; a kernel
 *                            counts when it runs, and a fault that loses the device is told by all calls that follow
 * KOLOTOC_PRETENDED_IMAGES   a folder that gets each image of kernels that is loaded, as 0, 1, ...
 * KOLOTOC_PRETENDED_COUNTS   a file that gets all counts, "name=number" a line, when the process ends
 *
 * Declared by hand after the driver's reference manual, so that it builds without NVIDIA's headers. One thread at a time.
 */
#include "cuda.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* ---- What was done ---- */
struct Count count;

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

Result refuse(Result error) {
    count.refusals++;
    return error;
}

/* ---- Faults that were ordered ---- */
#define ERRORS(X)                                                                                                      \
    X(0, SUCCESS, "no error") X(1, ERROR_INVALID_VALUE, "invalid argument")                                            \
    X(2, ERROR_OUT_OF_MEMORY, "out of memory") X(46, ERROR_DEVICE_UNAVAILABLE, "device is busy or unavailable")        \
    X(214, ERROR_ECC_UNCORRECTABLE, "uncorrectable ECC error") X(218, ERROR_INVALID_PTX, "a PTX JIT compilation failed")\
    X(222, ERROR_UNSUPPORTED_PTX_VERSION, "the provided PTX was compiled with an unsupported toolchain.")              \
    X(700, ERROR_ILLEGAL_ADDRESS, "an illegal memory access was encountered")                                          \
    X(701, ERROR_LAUNCH_OUT_OF_RESOURCES, "too many resources requested for launch")                                   \
    X(719, ERROR_LAUNCH_FAILED, "unspecified launch failure")                                                          \
    X(803, ERROR_SYSTEM_DRIVER_MISMATCH, "system has unsupported display driver / cuda driver combination")            \
    X(804, ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE, "forward compatibility was attempted on non supported HW")

/* Of the device, once it is lost. */
static Result lost;

static int loses(Result error) {
    return error == 46 || error == 214 || error == 220 || error == 700 || error == 702 || (error >= 714 && error <= 719);
}

Result called(const char *function) {
    static struct { const char *function; size_t length; long after, calls; Result error; } ordered[8];
    static int faults = -1;
    if (faults < 0) {
        faults = 0;
        for (const char *next = getenv("KOLOTOC_PRETENDED_FAULTS"); next && *next && faults < 8; faults++) {
            ordered[faults].function = next + strspn(next, " ");
            ordered[faults].length = strcspn(ordered[faults].function, "=");
            sscanf(ordered[faults].function + ordered[faults].length, "=%d@%ld", &ordered[faults].error,
                   &ordered[faults].after);
            next = strchr(ordered[faults].function, ' ');
        }
    }
    if (lost) return lost;
    for (int i = 0; i < faults; i++) {
        if (strlen(function) != ordered[i].length || strncmp(function, ordered[i].function, ordered[i].length)) continue;
        if (ordered[i].calls++ < ordered[i].after) continue;
        lost = loses(ordered[i].error) ? ordered[i].error : 0;
        return refuse(ordered[i].error);
    }
    return DONE;
}

Result later(Result result) { return lost ? DONE : result; }

Result cuGetErrorName(Result error, const char **name) {
#define NAME(number, label, text)                                                                                      \
    if (error == number) return *name = "CUDA_" #label, DONE;
    ERRORS(NAME)
    return *name = NULL, INVALID_VALUE;
}

Result cuGetErrorString(Result error, const char **said) {
#define SAY(number, label, text)                                                                                       \
    if (error == number) return *said = text, DONE;
    ERRORS(SAY)
    return *said = NULL, INVALID_VALUE;
}

/* ---- Ranges of memory: what is allocated on the device, what is pinned on the host ---- */
Range *allocated, *pinned;

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

int place(const Range *list, Address begin, size_t bytes) {
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

Result cuInit(unsigned flags) { return called("cuInit"); }

Result cuDriverGetVersion(int *version) { return *version = setting("KOLOTOC_PRETENDED_VERSION", 13000), DONE; }
Result cuDeviceGetCount(int *devices) { return *devices = 1, DONE; }
Result cuDeviceGet(int *device, int number) { return *device = number, number ? refuse(INVALID_VALUE) : DONE; }
Result cuDeviceGetName(char *name, int length, int device) { return snprintf(name, length, "pretended"), DONE; }
Result cuDeviceTotalMem_v2(size_t *bytes, int device) { return *bytes = total(), DONE; }

Result cuMemGetInfo_v2(size_t *free, size_t *all) { return *free = left(), *all = total(), called("cuMemGetInfo"); }

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
        case 75: *value = setting("KOLOTOC_PRETENDED_CAPABILITY", 90) / 10; break;
        case 76: *value = setting("KOLOTOC_PRETENDED_CAPABILITY", 90) % 10; break;
        default: *value = 0;
    }
    return DONE;
}

static int context;

Result cuCtxCreate_v4(void **made, void *parameters, unsigned flags, int device) { return *made = &context, DONE; }
Result cuCtxCreate_v2(void **made, unsigned flags, int device) { return *made = &context, DONE; }
Result cuCtxDestroy_v2(void *context) { return DONE; }
Result cuCtxSetCurrent(void *context) { return called("cuCtxSetCurrent"); }
Result cuCtxGetDevice(int *device) { return *device = 0, DONE; }
Result cuCtxSynchronize(void) { return count.waits++, called("cuCtxSynchronize"); }
Result cuCtxGetStreamPriorityRange(int *least, int *greatest) { return *least = *greatest = 0, DONE; }

/* NVIDIA's own libraries look for private functions there, and do without. */
Result cuGetExportTable(const void **table, const void *id) { return *table = NULL, NOT_FOUND; }

/* ---- Memory: pages are taken when they are first written ---- */
Result cuMemAlloc_v2(Address *address, size_t bytes) {
    Result fault = called("cuMemAlloc");
    if (fault) return fault;
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
    Result fault = called("cuMemFree");
    if (fault) return fault;
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
    Result fault = called("cuMemHostRegister");
    if (fault) return fault;
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

/* Of the host's memory: 1 where it is pinned. */
Result cuPointerGetAttribute(unsigned *type, int attribute, Address address) {
    if (place(pinned, address, 1) != INSIDE) return INVALID_VALUE;
    return *type = 1, DONE;
}
