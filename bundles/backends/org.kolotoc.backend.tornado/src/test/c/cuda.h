/* What the two parts of the pretended driver share. Declared by hand after the driver's reference manual. */
#include <stddef.h>
#include <stdint.h>

enum { DONE = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, INVALID_IMAGE = 200, NOT_FOUND = 500, ILLEGAL_ADDRESS = 700,
       ALREADY_PINNED = 712, NOT_PINNED = 713 };

typedef int Result;
typedef uint64_t Address;

#define COUNTS(X)                                                                                                      \
    X(launches) X(products) X(product_flops) X(graphs) X(graph_launches) X(copies_up) X(bytes_up) X(copies_down)       \
    X(bytes_down) X(allocations) X(bytes_asked) X(bytes_held) X(bytes_peak) X(refusals) X(images) X(pinned) X(waits)

extern struct Count {
#define FIELD(name) int64_t name;
    COUNTS(FIELD)
} count;

/* Ranges of memory: what is allocated on the device, what is pinned on the host. */
typedef struct Range { Address begin; size_t bytes; struct Range *next; } Range;

extern Range *allocated, *pinned;

enum { OUTSIDE, INSIDE, ACROSS };

int place(const Range *list, Address begin, size_t bytes);

/* Counts a refusal. */
Result refuse(Result error);

/* The fault that was ordered for this call of a function. */
Result called(const char *function);

/* What a call that only submits work returns: that the device was lost meanwhile, the next one says. */
Result later(Result result);
