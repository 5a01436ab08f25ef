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
    struct thunk_host_copy *next_by_guest, *next_by_host; /* in their buckets */
    struct thunk_host_copy *next_row, *next_led;
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

    /* What the program has as a result; the host's memory is the library's. */
    bool is_kept;
    char *alike; /* of it: the guest's as both had it last */

    bool is_led;   /* the guest gets what the host has there, after the call */
    bool is_whole; /* whatever the program has changed */
    bool keeps;    /* THUNK_KEEPS */
};

/* Some of the guest's memory for what results point to. */
struct thunk_kept {
    char *host;
    char *guest;
    char *alike;
    uint64_t flexible; /* elements for which there is room */
};

/* The memory that has `host_size` bytes from there on, or from the guest's
 * address on. False: there is none. */
bool thunk_kept_find(const struct thunk_shape *shape, const char *host,
                     size_t host_size, struct thunk_kept *kept);
bool thunk_kept_find_guest(const struct thunk_shape *shape, const char *guest,
                           int64_t count, struct thunk_kept *kept);

/* The first, which is made where there is none, with the sizes of that copy and
 * as many elements at its end. Ends the call where there is no memory. */
void thunk_kept_get(const struct thunk_shape *shape, const char *host,
                    const struct thunk_host_copy *sizes,
                    struct thunk_kept *kept);

/* Makes the guest's memory what `fresh` has, which is the host's in the guest's
 * layout: where the host has changed it, or wherever it is another. */
void thunk_kept_settle(const struct thunk_host_copy *copy, const char *fresh);

/* Takes what the program has changed there: as it is now, and as it was. False:
 * nothing. */
bool thunk_kept_claim(const struct thunk_host_copy *copy, char *now, char *was);

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

/* Both in the guest's layout: what is not as it was `before` becomes what it is
 * in `from`; NULL: all does. What is that already is not written to. */
void thunk_record_merge(const struct thunk_shape *shape, char *to,
                        const char *from, const char *before,
                        uint64_t flexible);

/* Whether all members of a record are zero, whatever lies between them. */
bool thunk_record_is_zero(const struct thunk_shape *shape, const char *record,
                          enum thunk_isa isa);

/* The host's address of what will be a copy of the guest's memory, whose
 * contents are yet to be taken. */
void *thunk_copy_add(struct thunk_host_copies *copies,
                     const struct thunk_shape *shape, const void *guest,
                     enum thunk_flow flow, int64_t count);

/* The guest's address for a pointer of the host's, a member of `record`: into
 * one of the copies; to what will be one, as copies->lead says, whose contents
 * are yet to be given; or as it is. */
void *thunk_copy_lead(struct thunk_host_copies *copies,
                      const struct thunk_member *member, const char *record,
                      char *host);

/* The host's address for a pointer that the program has put into memory of the
 * host's. False: it points to memory of its own, which is told. */
bool thunk_copy_return(const struct thunk_host_copies *copies,
                       const struct thunk_member *member, const char *record,
                       void **pointer);

/* A copy of `count` elements of the host's, whose guest memory is still to be
 * found: how large both are. */
struct thunk_host_copy thunk_copy_of_host(const struct thunk_shape *shape,
                                          const char *host, int64_t count);

/* What begins there, as copies->lead says; NULL: there is nothing, or nothing
 * that is known. The same of one that is there. Its contents are given later,
 * by thunk_copies_settle(), with those of all that it leads to. */
struct thunk_host_copy *thunk_copy_follow(struct thunk_host_copies *copies,
                                          const struct thunk_shape *shape,
                                          const char *host, int64_t count);
void thunk_copy_follow_own(struct thunk_host_copies *copies,
                           struct thunk_host_copy *copy);
void thunk_copies_settle(struct thunk_host_copies *copies);

/* ---- the copies of one call (copies.c) ---- */

void thunk_copies_begin(struct thunk_host_copies *copies);
void thunk_copies_end(struct thunk_host_copies *copies);

/* Memory that is there until they end; ends the call where there is none.
 * thunk_copies_scratch(): zeroed, and only until it is called again. */
void *thunk_copies_get(struct thunk_host_copies *copies, size_t size);

/* For records of the shape, aligned as that ISA has them. */
void *thunk_copies_get_aligned(struct thunk_host_copies *copies,
                               const struct thunk_shape *shape,
                               enum thunk_isa isa, size_t size);
char *thunk_copies_scratch(struct thunk_host_copies *copies, size_t size);

/* There is no memory for a copy of that size: tells of it and ends the call, or
 * the process, where a thread of the host's calls back and nobody waits. */
void thunk_copies_fail(size_t size) __attribute__((noreturn, cold));

/* Sizes that the guest has a part in; what is too large ends the call. */
size_t thunk_copies_size(int64_t count, size_t size);

/* Adds one, which has its addresses. */
struct thunk_host_copy *thunk_copies_add(struct thunk_host_copies *copies,
                                         const struct thunk_host_copy *added);

/* One with as many elements that begins there; NULL: none does. */
struct thunk_host_copy *
thunk_copies_find_guest(const struct thunk_host_copies *copies,
                        const struct thunk_shape *shape, const char *guest,
                        int64_t count);
struct thunk_host_copy *
thunk_copies_find_host(const struct thunk_host_copies *copies,
                       const struct thunk_shape *shape, const char *host,
                       int64_t count);

/* The guest's address of what lies in one of the guest's own or in one for a
 * callback, whatever it is; NULL: in none. And the host's. */
char *thunk_copies_guest(const struct thunk_host_copies *copies,
                         const char *host);
char *thunk_copies_host(const struct thunk_host_copies *copies,
                        const char *guest);

/* Frees those of a list down to `mark`, which stays. */
void thunk_host_blocks_free(struct thunk_host_block **blocks,
                            struct thunk_host_block *mark);

/* Where the running call keeps its blocks, so that they are freed if nobody
 * ends it; NULL: no call runs. */
struct thunk_host_block **thunk_host_call_blocks(void);

/* Has memory converted for a guest of that ELF e_machine. */
void thunk_host_convert_start(uint64_t machine);

#endif
