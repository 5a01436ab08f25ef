/* SPDX-License-Identifier: MIT
 *
 * Copies in the host's layout, as the rest of the runtime sees them.
 */
#ifndef THUNK_HOST_CONVERT_H
#define THUNK_HOST_CONVERT_H

#include <stdint.h>
#include <thunk/convert.h>

/* Memory on the heap for copies; the last comes first. */
struct thunk_host_block {
    struct thunk_host_block *next;
    char memory[] __attribute__((aligned(16)));
};

/* One copy, in the order in which they were made. */
struct thunk_host_copy {
    struct thunk_host_copy *next;
    struct thunk_host_copy *next_in_bucket;
    const struct thunk_shape *shape;
    char *guest;
    char *host;
    char *before; /* the copy as it was at first; NULL: is not looked at */
    int64_t count;
    size_t host_size, guest_size;
    uint64_t flexible; /* elements of a flexible member */
    enum thunk_flow flow;

    /* For a callback: the host's memory is there, the guest's is the copy, and
     * `before` is as that was at first. */
    bool is_given;

    /* What the program had as a result; the host's memory is the library's. */
    struct thunk_host_kept *kept;
};

/* The guest's memory for what a result points to. */
struct thunk_host_kept {
    struct thunk_host_kept *next_by_host, *next_by_guest;
    const struct thunk_shape *shape;
    char *host;
    char *guest;
    char *alike; /* the guest's as both had it last */
    int64_t count;
};

/* The one that begins there and has as many elements; NULL: none does. */
struct thunk_host_kept *thunk_kept_find(const struct thunk_shape *shape,
                                        const void *guest, int64_t count);

/* As many elements of one: what the program has changed becomes the host's; the
 * host's becomes the guest's. */
void thunk_kept_take(struct thunk_host_kept *kept, int64_t count);
void thunk_kept_give(struct thunk_host_kept *kept, int64_t count);

/* Up to the one that is all zero, which is the last. */
int64_t thunk_terminated_count(const struct thunk_shape *shape,
                               const char *record, enum thunk_isa isa);

/* One record: makes the host's of the guest's, or the guest's of the host's.
 * What is as it was `before`, the source's at first, is left as it is; NULL:
 * nothing is. Pointers in it get copies, unless `flow` is THUNK_OUT. */
void thunk_record_take(struct thunk_host_copies *copies,
                       const struct thunk_shape *shape, char *host,
                       const char *guest, const char *before,
                       enum thunk_flow flow);
void thunk_record_give(struct thunk_host_copies *copies,
                       const struct thunk_shape *shape, char *guest,
                       const char *host, const char *before);

/* Whether all members of a record are zero, whatever lies between them. */
bool thunk_record_is_zero(const struct thunk_shape *shape, const char *record,
                          enum thunk_isa isa);

/* The host's address of what will be a copy of the guest's memory, whose
 * contents are yet to be taken. */
void *thunk_copy_add(struct thunk_host_copies *copies,
                     const struct thunk_shape *shape, const void *guest,
                     enum thunk_flow flow, int64_t count);

/* The guest's address of what lies in one of the copies; NULL: in none. */
void *thunk_copy_guest(const struct thunk_host_copies *copies,
                       const char *host);

/* The guest's address for a pointer that the host has put into a copy: into one
 * of the copies, or to memory of the host's own, which stays as it is. */
void *thunk_copy_address(const struct thunk_host_copies *copies, char *host);

/* Frees those of a list down to `mark`, which stays. */
void thunk_host_blocks_free(struct thunk_host_block **blocks,
                            struct thunk_host_block *mark);

/* Where the running call keeps its blocks, so that they are freed if nobody
 * ends it; NULL: no call runs. */
struct thunk_host_block **thunk_host_call_blocks(void);

/* Has memory converted for a guest of that ELF e_machine. */
void thunk_host_convert_start(uint64_t machine);

#endif
