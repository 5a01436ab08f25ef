/* SPDX-License-Identifier: MIT
 *
 * The copies of one call: their memory, and where each of them is found again
 * by its address. See thunk/convert.h.
 */
#include <stdlib.h>
#include <string.h>

#include "convert.h"
#include "host.h"

enum {
    ALIGNMENT = 16,        /* of every copy: of most types */
    BLOCK_SIZE = 8 * 1024, /* the first on the heap, if that is enough */
    BLOCK_LIMIT = 1024 * 1024,
};

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

void thunk_copies_fail(size_t size)
{
    thunk_log(THUNK_LOG_ERROR,
              "no memory for a copy of %zu bytes in another layout", size);
    if (!thunk_host_call_is_running()) {
        abort(); /* of a thread of the host's: nobody waits for it */
    }
    thunk_host_call_abandon();
}

size_t thunk_copies_size(int64_t count, size_t size)
{
    size_t product;

    if (__builtin_mul_overflow((size_t)count, size, &product) ||
        product > PTRDIFF_MAX - BLOCK_SIZE) {
        thunk_copies_fail(SIZE_MAX);
    }
    return product;
}

static void block_get(struct thunk_host_copies *copies, size_t size)
{
    size_t wanted = size > copies->block_size ? size : copies->block_size;
    struct thunk_host_block *block = malloc(sizeof(*block) + wanted);

    if (block == NULL) {
        thunk_copies_fail(size);
    }
    block->next = *copies->blocks;
    *copies->blocks = block;
    copies->at = block->memory;
    copies->end = block->memory + wanted;
    if (copies->block_size < BLOCK_LIMIT) {
        copies->block_size *= 2;
    }
}

void *thunk_copies_get(struct thunk_host_copies *copies, size_t size)
{
    size_t whole = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    char *memory;

    if (whole > (size_t)(copies->end - copies->at)) {
        block_get(copies, whole);
    }
    memory = copies->at;
    copies->at += whole;
    return memory;
}

void *thunk_copies_get_aligned(struct thunk_host_copies *copies,
                               const struct thunk_shape *shape,
                               enum thunk_isa isa, size_t size)
{
    uintptr_t alignment = shape->alignments[isa];
    uintptr_t memory;

    if (alignment <= ALIGNMENT) {
        return thunk_copies_get(copies, size);
    }
    memory = (uintptr_t)thunk_copies_get(copies, size + alignment);
    return (void *)((memory + alignment - 1) / alignment * alignment);
}

char *thunk_copies_scratch(struct thunk_host_copies *copies, size_t size)
{
    if (size > copies->scratch_size) {
        copies->scratch = thunk_copies_get(copies, 2 * size);
        copies->scratch_size = 2 * size;
    }
    return memset(copies->scratch, 0, size);
}

void thunk_copies_begin(struct thunk_host_copies *copies)
{
    copies->first = NULL;
    copies->last = &copies->first;
    copies->next = NULL;
    copies->rows = NULL;
    copies->led = NULL;
    copies->led_last = &copies->led;
    copies->own = NULL;
    copies->blocks = thunk_host_call_blocks();
    if (copies->blocks == NULL) {
        copies->blocks = &copies->own;
    }
    copies->mark = *copies->blocks;
    copies->at = copies->small;
    copies->end = copies->small + sizeof(copies->small);
    copies->block_size = BLOCK_SIZE;
    copies->scratch = NULL;
    copies->scratch_size = 0;
    memset(copies->buckets, 0, sizeof(copies->buckets));
    copies->by_guest = copies->buckets[0];
    copies->by_host = copies->buckets[1];
    copies->count = 0;
    copies->bucket_count = THUNK_COPY_BUCKETS;
    copies->flexible = 0;
    copies->lead = THUNK_LEAD_NOWHERE;
    copies->is_back = false;
    copies->is_given = false;
}

void thunk_copies_end(struct thunk_host_copies *copies)
{
    thunk_host_blocks_free(copies->blocks, copies->mark);
    copies->first = NULL;
}

/* ---- addresses ---- */

static size_t bucket_of(const struct thunk_host_copies *copies,
                        const char *address)
{
    return (uintptr_t)address / ALIGNMENT % copies->bucket_count;
}

static void buckets_add(struct thunk_host_copies *copies,
                        struct thunk_host_copy *copy)
{
    struct thunk_host_copy **guest =
        &copies->by_guest[bucket_of(copies, copy->guest)];
    struct thunk_host_copy **host =
        &copies->by_host[bucket_of(copies, copy->host)];

    copy->next_by_guest = *guest;
    *guest = copy;
    copy->next_by_host = *host;
    *host = copy;
}

static void buckets_grow(struct thunk_host_copies *copies)
{
    size_t count = 4 * copies->bucket_count;

    copies->by_guest =
        thunk_copies_get(copies, 2 * count * sizeof(*copies->by_guest));
    memset(copies->by_guest, 0, 2 * count * sizeof(*copies->by_guest));
    copies->by_host = copies->by_guest + count;
    copies->bucket_count = count;
    for (struct thunk_host_copy *copy = copies->first; copy != NULL;
         copy = copy->next) {
        buckets_add(copies, copy);
    }
}

struct thunk_host_copy *thunk_copies_add(struct thunk_host_copies *copies,
                                         const struct thunk_host_copy *added)
{
    struct thunk_host_copy *copy = thunk_copies_get(copies, sizeof(*copy));

    *copy = *added;
    if (copies->count == 2 * copies->bucket_count) {
        buckets_grow(copies);
    }
    copies->count++;
    buckets_add(copies, copy);
    *copies->last = copy;
    copies->last = &copy->next;
    if (copy->count > 1 && !copy->is_kept) {
        copy->next_row = copies->rows;
        copies->rows = copy;
    }
    return copy;
}

struct thunk_host_copy *
thunk_copies_find_guest(const struct thunk_host_copies *copies,
                        const struct thunk_shape *shape, const char *guest,
                        int64_t count)
{
    struct thunk_host_copy *copy = copies->by_guest[bucket_of(copies, guest)];

    while (copy != NULL && (copy->guest != guest || copy->shape != shape ||
                            copy->count < count)) {
        copy = copy->next_by_guest;
    }
    return copy;
}

struct thunk_host_copy *
thunk_copies_find_host(const struct thunk_host_copies *copies,
                       const struct thunk_shape *shape, const char *host,
                       int64_t count)
{
    struct thunk_host_copy *copy = copies->by_host[bucket_of(copies, host)];

    while (copy != NULL && (copy->host != host || copy->shape != shape ||
                            copy->count < count)) {
        copy = copy->next_by_host;
    }
    return copy;
}

char *thunk_copies_guest(const struct thunk_host_copies *copies,
                         const char *host)
{
    const struct thunk_host_copy *copy =
        copies->by_host[bucket_of(copies, host)];

    for (; copy != NULL; copy = copy->next_by_host) {
        if (copy->host == host && !copy->is_kept) {
            return copy->guest;
        }
    }
    for (copy = copies->rows; copy != NULL; copy = copy->next_row) {
        size_t step = copy->shape->sizes[THUNK_ISA];
        size_t place = (size_t)((uintptr_t)host - (uintptr_t)copy->host);

        if (place < copy->host_size && place % step == 0) {
            return copy->guest +
                   place / step * copy->shape->sizes[thunk_host_guest_isa];
        }
    }
    return NULL;
}

char *thunk_copies_host(const struct thunk_host_copies *copies,
                        const char *guest)
{
    const struct thunk_host_copy *copy =
        copies->by_guest[bucket_of(copies, guest)];

    for (; copy != NULL; copy = copy->next_by_guest) {
        if (copy->guest == guest) {
            return copy->host;
        }
    }
    for (copy = copies->rows; copy != NULL; copy = copy->next_row) {
        size_t step = copy->shape->sizes[thunk_host_guest_isa];
        size_t place = (size_t)((uintptr_t)guest - (uintptr_t)copy->guest);

        if (place < copy->guest_size && place % step == 0) {
            return copy->host + place / step * copy->shape->sizes[THUNK_ISA];
        }
    }
    return NULL;
}
