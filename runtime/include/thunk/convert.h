/* SPDX-License-Identifier: MIT
 *
 * Memory whose layout differs between guest and host. The host function gets a
 * copy in the host's layout; what it has written there goes back to the guest's
 * memory. thunkgen writes the tables, for all ISAs that it was asked about; the
 * one of the guest is told when it attaches.
 */
#ifndef THUNK_CONVERT_H
#define THUNK_CONVERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <thunk/frame.h>
#include <thunk/isa.h>

enum thunk_kind {
    THUNK_BYTES,       /* the same for all */
    THUNK_INTEGER,     /* enums and bit-fields, too */
    THUNK_LONG_DOUBLE, /* one, or each half of a complex one */
    THUNK_RECORD,      /* a struct inside, of `shape` */
    THUNK_UNION,       /* members of `shape`, of which `count` tells one */
    THUNK_POINTER,     /* to as many of `shape` as `count` tells */
};

/* Where one ISA has a member. */
struct thunk_place {
    uint32_t bit;   /* where it begins, in bits from the record's start */
    uint32_t bits;  /* of one element; 0: the ISA has no such member */
    uint32_t count; /* elements in a row; of the shorter row, where they differ;
                     * 0: as many as the member's `count` tells */
    uint32_t sign;  /* enum thunk_sign, of integers */
};

enum thunk_sign { THUNK_UNSIGNED, THUNK_SIGNED, THUNK_BOOL };

/* How many elements there are, or which member of a union is in use, from 1 (0:
 * none that is known): told by a record in the host's layout. */
typedef int64_t thunk_counter(const void *record);

/* As a count: up to the first element that is all zero, which is the last. */
#define THUNK_TERMINATED INT64_MIN

struct thunk_member {
    enum thunk_kind kind;
    bool is_const; /* POINTER: nothing is written there */
    const struct thunk_shape *shape;
    thunk_counter *count;
    struct thunk_place places[THUNK_ISA_COUNT];
};

/* The layouts of one type. A member that a `count` looks at comes before it. */
struct thunk_shape {
    const struct thunk_member *members;
    size_t member_count;

    /* The last member, if it is an array without a length of its own */
    const struct thunk_member *flexible;
    bool has_pointers;               /* of THUNK_POINTER, inside of it */
    uint32_t sizes[THUNK_ISA_COUNT]; /* bytes; 0: not known for that ISA */

    /* Two ISAs with one number have the same bytes, behind pointers, too. */
    uint8_t alike[THUNK_ISA_COUNT];
    uint32_t alignments[THUNK_ISA_COUNT]; /* 0: 16 bytes or less */
};

/* What becomes of memory: read by the host function, written, or both. Of what
 * it may do both to, only what has changed goes back. KEEPS: what the function
 * lets pointers there point to stays the library's, as what results do; of what
 * a callback is given, it itself does. */
enum thunk_flow {
    THUNK_IN = 1,
    THUNK_OUT = 2,
    THUNK_INOUT = 3,
    THUNK_KEEPS = 4,
    THUNK_IN_KEEPS = 5,
    THUNK_OUT_KEEPS = 6,
    THUNK_INOUT_KEEPS = 7,
};

struct thunk_host_copy;
struct thunk_host_block;

enum { THUNK_COPY_BUCKETS = 16, THUNK_COPY_SMALL = 1024 };

/* What becomes of pointers to memory of the host's own: they stay as they are,
 * which is told, lead to copies for the time of a callback, to the guest's
 * memory for good, or only to such as it has already. Where they stay, they
 * lead to that, too. */
enum thunk_lead {
    THUNK_LEAD_NOWHERE,
    THUNK_LEAD_GIVEN,
    THUNK_LEAD_KEPT,
    THUNK_LEAD_KNOWN,
};

/* The copies of one call. */
struct thunk_host_copies {
    struct thunk_host_copy *first; /* NULL: there are none yet */
    struct thunk_host_copy **last;
    struct thunk_host_copy *next; /* whose contents are yet to be taken */
    struct thunk_host_copy *rows; /* of several elements, the last first */

    /* Whose contents the guest is yet to get */
    struct thunk_host_copy *led, **led_last;

    struct thunk_host_block **blocks; /* on the heap, those of the thread's */
    struct thunk_host_block *mark;    /* and those that were there before */
    struct thunk_host_block *own;     /* outside of a call */
    char *at, *end;                   /* room */
    size_t block_size;
    char *scratch; /* for one copy at a time */
    size_t scratch_size;

    /* By guest address, and by the host's */
    struct thunk_host_copy **by_guest, **by_host;
    size_t count, bucket_count;
    struct thunk_host_copy *buckets[2][THUNK_COPY_BUCKETS];

    /* Of the present copy: elements that it has room for, what pointers in it
     * lead to, and whether it goes back to memory of the host's own. */
    uint64_t flexible;
    enum thunk_lead lead;
    bool is_back;
    bool is_given; /* all of it is for a callback */
    char small[THUNK_COPY_SMALL] __attribute__((aligned(16)));
};

static inline void thunk_host_copies_start(struct thunk_host_copies *copies)
{
    copies->first = NULL;
}

/* The guest that is attached; the host's own ISA until then. */
THUNK_EXPORT extern enum thunk_isa thunk_host_guest_isa;

/* The host's memory for `count` elements in the guest's: a copy, or the guest's
 * own where both have the same layout, there are none, or it is NULL. Two that
 * begin alike, and one that lies within another that came before, share it. Its
 * memory is there until thunk_host_copies_end(), or until the call is found to
 * be abandoned. Without memory the call ends as one that crashed. */
THUNK_EXPORT void *thunk_host_copy_make(struct thunk_host_copies *copies,
                                        const struct thunk_shape *shape,
                                        const void *guest, enum thunk_flow flow,
                                        int64_t count);

static inline void *thunk_host_copy(struct thunk_host_copies *copies,
                                    const struct thunk_shape *shape,
                                    const void *guest, enum thunk_flow flow,
                                    int64_t count)
{
    enum thunk_isa isa = thunk_host_guest_isa;

    return shape->alike[isa] == shape->alike[THUNK_ISA]
               ? (void *)(uintptr_t)guest
               : thunk_host_copy_make(copies, shape, guest, flow, count);
}

/* The other way, for a callback: the guest's memory for `count` elements of the
 * host's, and for what these lead to; until the copies end, or for good.
 * Copies of one `copies` are all of one way. */
THUNK_EXPORT void *thunk_host_given_make(struct thunk_host_copies *copies,
                                         const struct thunk_shape *shape,
                                         const void *host, enum thunk_flow flow,
                                         int64_t count);

static inline void *thunk_host_given(struct thunk_host_copies *copies,
                                     const struct thunk_shape *shape,
                                     const void *host, enum thunk_flow flow,
                                     int64_t count)
{
    enum thunk_isa isa = thunk_host_guest_isa;

    return shape->alike[isa] == shape->alike[THUNK_ISA]
               ? (void *)(uintptr_t)host
               : thunk_host_given_make(copies, shape, host, flow, count);
}

/* What a result points to, which stays the library's: the guest's memory for
 * `count` elements of it, and for what these lead to. One address of the host's
 * has one such memory, for good; each time it gets what the library has changed
 * since, or, if it is filled anew each time (THUNK_OUT), all that is there.
 * Given back to the library as a parameter it is the library's own, with what
 * the program has changed. What lies in one of `copies`, which may be NULL, is
 * the guest's own anyway. Leaves errno alone. */
THUNK_EXPORT void *thunk_host_result_keep_make(struct thunk_host_copies *copies,
                                               const struct thunk_shape *shape,
                                               const void *host, int64_t count,
                                               enum thunk_flow flow);

static inline void *thunk_host_result_keep(struct thunk_host_copies *copies,
                                           const struct thunk_shape *shape,
                                           const void *host, int64_t count,
                                           enum thunk_flow flow)
{
    enum thunk_isa isa = thunk_host_guest_isa;

    return shape->alike[isa] == shape->alike[THUNK_ISA]
               ? (void *)(uintptr_t)host
               : thunk_host_result_keep_make(copies, shape, host, count, flow);
}

/* The same where it is one block of malloc() that the program frees: it gets
 * one of its own heap, and what that leads to stays the library's. May suspend
 * the host call. */
THUNK_EXPORT void *thunk_host_result_give(const struct thunk_shape *shape,
                                          const void *host, int64_t count);

/* Writes back and frees. Leaves errno alone. */
THUNK_EXPORT void thunk_host_copies_give(struct thunk_host_copies *copies);

static inline void thunk_host_copies_end(struct thunk_host_copies *copies)
{
    if (copies->first != NULL) {
        thunk_host_copies_give(copies);
    }
}

/* What expressions of the spec are made of. They saturate, so that no count is
 * less than it should be; dividing by zero gives zero. */
static inline int64_t thunk_count(uint64_t number)
{
    return number > INT64_MAX ? INT64_MAX : (int64_t)number;
}

static inline int64_t thunk_count_add(int64_t a, int64_t b)
{
    int64_t sum;

    return !__builtin_add_overflow(a, b, &sum) ? sum
           : a < 0                             ? -INT64_MAX
                                               : INT64_MAX;
}

static inline int64_t thunk_count_subtract(int64_t a, int64_t b)
{
    int64_t difference;

    return !__builtin_sub_overflow(a, b, &difference) ? difference
           : a < 0                                    ? -INT64_MAX
                                                      : INT64_MAX;
}

static inline int64_t thunk_count_multiply(int64_t a, int64_t b)
{
    int64_t product;

    return !__builtin_mul_overflow(a, b, &product) ? product
           : (a < 0) != (b < 0)                    ? -INT64_MAX
                                                   : INT64_MAX;
}

static inline int64_t thunk_count_divide(int64_t a, int64_t b)
{
    return b == 0 ? 0 : b == -1 ? thunk_count_subtract(0, a) : a / b;
}

#endif
