/* SPDX-License-Identifier: MIT
 *
 * What results point to, where the guest has it in another layout: it gets
 * memory of its own for that; see thunk/convert.h.
 *
 * What stays the library's may be a static buffer, one of each thread, a table,
 * an object: all that is known is its address. So each address has its memory,
 * and a program may compare the pointers, keep them, and hand them back.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "convert.h"
#include "host.h"

enum { BUCKETS = 256, ALIGNMENT = 16 };

static struct thunk_host_kept *by_host[BUCKETS], *by_guest[BUCKETS];

static size_t bucket_of(const void *address)
{
    return (uintptr_t)address / ALIGNMENT % BUCKETS;
}

/* 0: there are none, or too many. */
static size_t size_of(const struct thunk_shape *shape, enum thunk_isa isa,
                      int64_t count)
{
    size_t size;

    return count <= 0 || __builtin_mul_overflow((size_t)count,
                                                shape->sizes[isa], &size)
               ? 0
               : size;
}

static __attribute__((noreturn, cold)) void memory_fail(void)
{
    thunk_log(THUNK_LOG_ERROR,
              "no memory for the program's copy of what a result points to");
    if (!thunk_host_call_is_running()) {
        abort(); /* of a thread of the host's: nobody waits for it */
    }
    thunk_host_call_abandon();
}

static void *memory_get(size_t size)
{
    size_t whole = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    void *memory = whole < size ? NULL : aligned_alloc(ALIGNMENT, whole);

    if (memory == NULL) {
        memory_fail();
    }
    memset(memory, 0, whole);
    return memory;
}

/* They hold no pointers, so there is nothing to copy besides. */
static void records_give(const struct thunk_shape *shape, char *guest,
                         const char *host, int64_t count)
{
    struct thunk_host_copies copies;

    thunk_host_copies_start(&copies);
    copies.flexible = 0;
    for (int64_t i = 0; i < count; i++) {
        thunk_record_give(&copies, shape,
                          guest +
                              (size_t)i * shape->sizes[thunk_host_guest_isa],
                          host + (size_t)i * shape->sizes[THUNK_ISA], NULL);
    }
}

void thunk_kept_give(struct thunk_host_kept *kept, int64_t count)
{
    records_give(kept->shape, kept->guest, kept->host, count);
    memcpy(kept->alike, kept->guest,
           size_of(kept->shape, thunk_host_guest_isa, count));
}

void thunk_kept_take(struct thunk_host_kept *kept, int64_t count)
{
    const struct thunk_shape *shape = kept->shape;
    struct thunk_host_copies copies;

    thunk_host_copies_start(&copies);
    copies.flexible = 0;
    for (int64_t i = 0; i < count; i++) {
        size_t at = (size_t)i * shape->sizes[thunk_host_guest_isa];

        thunk_record_take(&copies, shape,
                          kept->host + (size_t)i * shape->sizes[THUNK_ISA],
                          kept->guest + at, kept->alike + at, THUNK_OUT);
    }
    memcpy(kept->alike, kept->guest,
           size_of(shape, thunk_host_guest_isa, count));
}

struct thunk_host_kept *thunk_kept_find(const struct thunk_shape *shape,
                                        const void *guest, int64_t count)
{
    struct thunk_host_kept *kept =
        __atomic_load_n(&by_guest[bucket_of(guest)], __ATOMIC_ACQUIRE);

    while (kept != NULL && (kept->guest != guest || kept->shape != shape ||
                            kept->count < count)) {
        kept = kept->next_by_guest;
    }
    return kept;
}

static struct thunk_host_kept *kept_new(const struct thunk_shape *shape,
                                        const char *host, int64_t count)
{
    size_t size = size_of(shape, thunk_host_guest_isa, count);
    struct thunk_host_kept *kept = memory_get(sizeof(*kept));

    kept->shape = shape;
    kept->host = (char *)(uintptr_t)host;
    kept->count = count;
    kept->guest = memory_get(size == 0 ? SIZE_MAX : size);
    kept->alike = memory_get(size);
    return kept;
}

/* The first that fits is the largest, as each new one is larger than those
 * before. Nothing is ever taken out, so looking needs no lock. */
static struct thunk_host_kept *kept_at(const struct thunk_shape *shape,
                                       const char *host, int64_t count)
{
    struct thunk_host_kept **first = &by_host[bucket_of(host)];
    struct thunk_host_kept *kept = __atomic_load_n(first, __ATOMIC_ACQUIRE);

    while (kept != NULL && (kept->host != host || kept->shape != shape ||
                            kept->count < count)) {
        kept = kept->next_by_host;
    }
    return kept;
}

/* Unless another thread has been faster. */
static struct thunk_host_kept *kept_add(struct thunk_host_kept *added)
{
    struct thunk_host_kept **by = &by_host[bucket_of(added->host)];
    struct thunk_host_kept *kept;

    thunk_host_lock();
    kept = kept_at(added->shape, added->host, added->count);
    if (kept == NULL) {
        added->next_by_host = *by;
        __atomic_store_n(by, added, __ATOMIC_RELEASE);
        by = &by_guest[bucket_of(added->guest)];
        added->next_by_guest = *by;
        __atomic_store_n(by, added, __ATOMIC_RELEASE);
    }
    thunk_host_unlock();
    if (kept != NULL) {
        free(added->guest);
        free(added->alike);
        free(added);
    }
    return kept == NULL ? added : kept;
}

void *thunk_host_result_keep_make(const struct thunk_host_copies *copies,
                                  const struct thunk_shape *shape,
                                  const void *host, int64_t count)
{
    int error = errno;
    void *guest = copies == NULL ? NULL : thunk_copy_guest(copies, host);
    struct thunk_host_kept *kept;

    if (host != NULL && count == THUNK_TERMINATED) {
        count = thunk_terminated_count(shape, host, THUNK_ISA);
    }
    if (guest != NULL || host == NULL || count <= 0) {
        return guest != NULL ? guest : (void *)(uintptr_t)host;
    }
    kept = kept_at(shape, host, count);
    if (kept == NULL) {
        kept = kept_add(kept_new(shape, host, count));
    }
    thunk_kept_give(kept, count);
    errno = error;
    return kept->guest;
}

void *thunk_host_result_give(const struct thunk_shape *shape, const void *host,
                             int64_t count)
{
    enum thunk_isa isa = thunk_host_guest_isa;
    size_t size;
    char *block;

    if (host == NULL || shape->alike[isa] == shape->alike[THUNK_ISA]) {
        return thunk_host_block_give(host);
    }
    if (count == THUNK_TERMINATED) {
        count = thunk_terminated_count(shape, host, THUNK_ISA);
    }
    size = size_of(shape, isa, count);
    if (size == 0 && count > 0) {
        memory_fail();
    }
    block = malloc(size == 0 ? 1 : size); /* none of no elements is one, too */
    if (block == NULL) {
        memory_fail();
    }
    memset(block, 0, size);
    records_give(shape, block, host, count);
    thunk_host_block_free((void *)(uintptr_t)host);
    return thunk_host_block_give(block);
}
