/* SPDX-License-Identifier: MIT
 *
 * Copies of the guest's memory in the host's layout; see thunk/convert.h.
 *
 * Whatever the guest says, nothing is written but to copies that were made as
 * large as was counted, and to the guest's memory where the copy came from.
 * That may not be there: then the fault is taken as any other of the call's.
 */
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "convert.h"
#include "host.h"
#include "long_double.h"

enum {
    ALIGNMENT = 16,        /* of every copy: of any type */
    BLOCK_SIZE = 8 * 1024, /* the first on the heap, if that is enough */
    BLOCK_LIMIT = 1024 * 1024,
};

enum thunk_isa thunk_host_guest_isa = THUNK_ISA;

void thunk_host_convert_start(uint64_t machine)
{
    static const uint16_t machines[THUNK_ISA_COUNT] = {
        [THUNK_ISA_X86_64] = EM_X86_64,
        [THUNK_ISA_AARCH64] = EM_AARCH64,
        [THUNK_ISA_RISCV64] = EM_RISCV,
    };

    for (size_t i = 0; i < THUNK_ISA_COUNT; i++) {
        if (machines[i] == machine) {
            thunk_host_guest_isa = (enum thunk_isa)i;
        }
    }
}

/* ---- memory ---- */

void thunk_host_blocks_free(struct thunk_host_block **blocks,
                            struct thunk_host_block *mark)
{
    while (*blocks != mark) {
        struct thunk_host_block *block = *blocks;

        *blocks = block->next;
        free(block);
    }
}

static __attribute__((noreturn, cold)) void memory_fail(size_t size)
{
    thunk_log(THUNK_LOG_ERROR,
              "no memory for the host's copy of %zu bytes of the program's",
              size);
    if (!thunk_host_call_is_running()) {
        abort(); /* of a thread of the host's: nobody waits for it */
    }
    thunk_host_call_abandon();
}

/* Sizes that the guest has a part in. */
static size_t size_of(int64_t count, size_t size)
{
    size_t product;

    if (__builtin_mul_overflow((size_t)count, size, &product) ||
        product > PTRDIFF_MAX - BLOCK_SIZE) {
        memory_fail(SIZE_MAX);
    }
    return product;
}

static void block_get(struct thunk_host_copies *copies, size_t size)
{
    size_t wanted = size > copies->block_size ? size : copies->block_size;
    struct thunk_host_block *block = malloc(sizeof(*block) + wanted);

    if (block == NULL) {
        memory_fail(size);
    }
    block->next = *copies->blocks;
    *copies->blocks = block;
    copies->at = block->memory;
    copies->end = block->memory + wanted;
    if (copies->block_size < BLOCK_LIMIT) {
        copies->block_size *= 2;
    }
}

static void *memory_get(struct thunk_host_copies *copies, size_t size)
{
    char *memory;

    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (size > (size_t)(copies->end - copies->at)) {
        block_get(copies, size);
    }
    memory = copies->at;
    copies->at += size;
    return memory;
}

static void copies_begin(struct thunk_host_copies *copies)
{
    copies->last = &copies->first;
    copies->next = NULL;
    copies->own = NULL;
    copies->blocks = thunk_host_call_blocks();
    if (copies->blocks == NULL) {
        copies->blocks = &copies->own;
    }
    copies->mark = *copies->blocks;
    memset(copies->buckets, 0, sizeof(copies->buckets));
    copies->at = copies->small;
    copies->end = copies->small + sizeof(copies->small);
    copies->block_size = BLOCK_SIZE;
}

static struct thunk_host_copy **bucket_of(struct thunk_host_copies *copies,
                                          const void *guest)
{
    return &copies->buckets[(uintptr_t)guest / ALIGNMENT % THUNK_COPY_BUCKETS];
}

/* ---- copies ---- */

void *thunk_copy_guest(const struct thunk_host_copies *copies, const char *host)
{
    const struct thunk_host_copy *copy = copies->first;

    for (; copy != NULL; copy = copy->next) {
        size_t step = copy->shape->sizes[THUNK_ISA];
        size_t place = (size_t)((uintptr_t)host - (uintptr_t)copy->host);

        if (host >= copy->host && place < copy->host_size &&
            place % step == 0) {
            return copy->guest +
                   place / step * copy->shape->sizes[thunk_host_guest_isa];
        }
    }
    return NULL;
}

void *thunk_copy_address(const struct thunk_host_copies *copies, char *host)
{
    void *guest = thunk_copy_guest(copies, host);

    if (guest == NULL && host != NULL) {
        thunk_log(THUNK_LOG_ERROR,
                  "a host function has put %p into a struct, memory of its "
                  "own whose layout the program does not know",
                  (void *)host);
    }
    return guest == NULL ? host : guest;
}

int64_t thunk_terminated_count(const struct thunk_shape *shape,
                               const char *record, enum thunk_isa isa)
{
    int64_t count = 1;

    while (!thunk_record_is_zero(shape, record, isa)) {
        record += shape->sizes[isa];
        count++;
    }
    return count;
}

/* How much longer one record is by its flexible member. */
static void flexible_measure(struct thunk_host_copies *copies,
                             struct thunk_host_copy *copy)
{
    const struct thunk_shape *shape = copy->shape;
    const struct thunk_member *member = shape->flexible;
    const struct thunk_place *host = &member->places[THUNK_ISA];
    const struct thunk_place *guest = &member->places[thunk_host_guest_isa];
    char *head = memory_get(copies, copy->host_size);
    int64_t count;
    size_t size;

    memset(head, 0, copy->host_size);
    copies->flexible = 0; /* all but that member; pointers are not followed */
    thunk_record_take(copies, shape, head, copy->guest, NULL, THUNK_OUT);
    count = member->count(head);
    if (count > 0) {
        copy->flexible = (uint64_t)count;
        size = host->bit / 8 + size_of(count, host->bits / 8);
        copy->host_size = size > copy->host_size ? size : copy->host_size;
        size = guest->bit / 8 + size_of(count, guest->bits / 8);
        copy->guest_size = size > copy->guest_size ? size : copy->guest_size;
    }
}

/* One that the memory lies in. */
static struct thunk_host_copy *copy_find(struct thunk_host_copies *copies,
                                         const struct thunk_shape *shape,
                                         const char *guest, int64_t count)
{
    struct thunk_host_copy *copy = *bucket_of(copies, guest);
    size_t size = shape->sizes[thunk_host_guest_isa];

    for (; copy != NULL; copy = copy->next_in_bucket) {
        if (copy->guest == guest && copy->shape == shape &&
            copy->count >= count) {
            return copy;
        }
    }
    /* A part of another is looked for among the parameters alone. */
    copy = copies->next == NULL ? copies->first : NULL;
    for (; copy != NULL; copy = copy->next) {
        size_t place = (size_t)((uintptr_t)guest - (uintptr_t)copy->guest);

        if (copy->shape == shape && shape->flexible == NULL &&
            guest >= copy->guest && place < copy->guest_size &&
            place % size == 0 &&
            (uint64_t)count <= (copy->guest_size - place) / size) {
            return copy;
        }
    }
    return NULL;
}

/* What is there before the function writes. */
static void before_take(struct thunk_host_copies *copies,
                        struct thunk_host_copy *copy)
{
    if (copy->flow == THUNK_INOUT && copy->before == NULL &&
        copy->kept == NULL) {
        copy->before = memory_get(copies, copy->host_size);
        memcpy(copy->before, copy->host, copy->host_size);
    }
}

static struct thunk_host_copy *copy_new(struct thunk_host_copies *copies,
                                        const struct thunk_shape *shape,
                                        const void *guest, enum thunk_flow flow,
                                        int64_t count)
{
    struct thunk_host_copy *copy = memory_get(copies, sizeof(*copy));
    struct thunk_host_copy **bucket = bucket_of(copies, guest);

    *copy = (struct thunk_host_copy){
        .next_in_bucket = *bucket,
        .shape = shape,
        .guest = (char *)(uintptr_t)guest,
        .count = count,
        .host_size = size_of(count, shape->sizes[THUNK_ISA]),
        .guest_size = size_of(count, shape->sizes[thunk_host_guest_isa]),
        .flow = flow,
        .kept = thunk_kept_find(shape, guest, count),
    };
    if (shape->flexible != NULL) {
        flexible_measure(copies, copy);
    }
    if (copy->kept != NULL) {
        copy->host = copy->kept->host;
    } else {
        copy->host = memory_get(copies, copy->host_size);
        memset(copy->host, 0, copy->host_size);
    }
    *bucket = copy;
    *copies->last = copy;
    copies->last = &copy->next;
    return copy;
}

/* What the host has written, or has changed since `before`, becomes the
 * guest's.
 */
static void copy_write_back(struct thunk_host_copies *copies,
                            struct thunk_host_copy *copy)
{
    const struct thunk_shape *shape = copy->shape;

    copies->flexible = copy->flexible;
    for (int64_t i = 0; i < copy->count; i++) {
        size_t at = (size_t)i * shape->sizes[THUNK_ISA];

        thunk_record_give(
            copies, shape,
            copy->guest + (size_t)i * shape->sizes[thunk_host_guest_isa],
            copy->host + at, copy->before == NULL ? NULL : copy->before + at);
    }
}

/* Its contents are taken later, by copies_drain(). */
void *thunk_copy_add(struct thunk_host_copies *copies,
                     const struct thunk_shape *shape, const void *guest,
                     enum thunk_flow flow, int64_t count)
{
    struct thunk_host_copy *copy;
    size_t place;

    if (guest != NULL && count == THUNK_TERMINATED) {
        count = thunk_terminated_count(shape, guest, thunk_host_guest_isa);
    }
    if (guest == NULL || count <= 0) {
        return (void *)(uintptr_t)guest;
    }
    copy = copy_find(copies, shape, guest, count);
    if (copy == NULL) {
        copy = copy_new(copies, shape, guest, flow, count);
    }
    copy->flow |= flow;
    place = (size_t)((const char *)guest - copy->guest);
    return copy->host +
           place / shape->sizes[thunk_host_guest_isa] * shape->sizes[THUNK_ISA];
}

/* Takes what is in the copies from `from` on, and in those that this leads to:
 * a long list needs no deep stack. */
static void copies_drain(struct thunk_host_copies *copies,
                         struct thunk_host_copy *from)
{
    const enum thunk_isa isa = thunk_host_guest_isa;

    for (copies->next = from; copies->next != NULL;
         copies->next = copies->next->next) {
        struct thunk_host_copy *copy = copies->next;
        const struct thunk_shape *shape = copy->shape;

        if (copy->kept != NULL) {
            if ((copy->flow & THUNK_IN) != 0) {
                thunk_kept_take(copy->kept, copy->count);
            }
            continue;
        }
        copies->flexible = copy->flexible;
        for (int64_t i = 0; i < copy->count; i++) {
            thunk_record_take(
                copies, shape, copy->host + (size_t)i * shape->sizes[THUNK_ISA],
                copy->guest + (size_t)i * shape->sizes[isa], NULL, copy->flow);
        }
    }
}

void *thunk_host_copy_make(struct thunk_host_copies *copies,
                           const struct thunk_shape *shape, const void *guest,
                           enum thunk_flow flow, int64_t count)
{
    int error = errno;
    struct thunk_host_copy **end;
    void *host;

    if (copies->first == NULL) {
        copies_begin(copies);
    }
    end = copies->last;
    host = thunk_copy_add(copies, shape, guest, flow, count);
    copies_drain(copies, *end);
    for (struct thunk_host_copy *copy = copies->first; copy != NULL;
         copy = copy->next) {
        before_take(copies, copy);
    }
    errno = error;
    return host;
}

/* The other way: what a callback gets. It holds no pointers. */
void *thunk_host_given_make(struct thunk_host_copies *copies,
                            const struct thunk_shape *shape, const void *host,
                            enum thunk_flow flow, int64_t count)
{
    int error = errno;
    struct thunk_host_copy *copy;

    if (host != NULL && count == THUNK_TERMINATED) {
        count = thunk_terminated_count(shape, host, THUNK_ISA);
    }
    if (host == NULL || count <= 0) {
        return (void *)(uintptr_t)host;
    }
    if (copies->first == NULL) {
        copies_begin(copies);
    }
    copy = memory_get(copies, sizeof(*copy));
    *copy = (struct thunk_host_copy){
        .shape = shape,
        .host = (char *)(uintptr_t)host,
        .count = count,
        .host_size = size_of(count, shape->sizes[THUNK_ISA]),
        .guest_size = size_of(count, shape->sizes[thunk_host_guest_isa]),
        .flow = flow,
        .is_given = true,
    };
    copy->guest = memory_get(copies, copy->guest_size);
    memset(copy->guest, 0, copy->guest_size);
    *copies->last = copy;
    copies->last = &copy->next;
    copy_write_back(copies, copy);
    if (flow == THUNK_INOUT) {
        copy->before = memory_get(copies, copy->guest_size);
        memcpy(copy->before, copy->guest, copy->guest_size);
    }
    errno = error;
    return copy->guest;
}

/* What a callback has written becomes the host's. */
static void given_take(struct thunk_host_copies *copies,
                       struct thunk_host_copy *copy)
{
    const struct thunk_shape *shape = copy->shape;

    for (int64_t i = 0; i < copy->count; i++) {
        size_t at = (size_t)i * shape->sizes[thunk_host_guest_isa];

        thunk_record_take(
            copies, shape, copy->host + (size_t)i * shape->sizes[THUNK_ISA],
            copy->guest + at, copy->before == NULL ? NULL : copy->before + at,
            THUNK_OUT);
    }
}

void thunk_host_copies_give(struct thunk_host_copies *copies)
{
    int error = errno;

    for (struct thunk_host_copy *copy = copies->first; copy != NULL;
         copy = copy->next) {
        if ((copy->flow & THUNK_OUT) != 0) {
            if (copy->is_given) {
                given_take(copies, copy);
            } else if (copy->kept != NULL) {
                thunk_kept_give(copy->kept, copy->count);
            } else {
                copy_write_back(copies, copy);
            }
        }
    }
    thunk_host_blocks_free(copies->blocks, copies->mark);
    copies->first = NULL;
    errno = error;
}
