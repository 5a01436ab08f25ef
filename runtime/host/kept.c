/* SPDX-License-Identifier: MIT
 *
 * The guest's memory for what stays the library's and has another layout there;
 * see thunk/convert.h.
 *
 * It may be a static buffer, one of each thread, a table, an object: all that
 * is known is its address. So each address has its memory, and a program may
 * compare the pointers, keep them, and hand them back. Nothing is ever taken
 * out, so looking needs no lock; the lock is for what lies in that memory,
 * since several threads may be given the same. While it is held nothing is
 * touched that may not be there, since a fault would leave it locked.
 */
#include <stdlib.h>
#include <string.h>

#include "convert.h"
#include "host.h"

enum {
    ALIGNMENT = 16, /* of most types */
    BUCKETS = 1 << 15,
    GRANULE = 256, /* bytes that are found in one bucket */
};

struct kept;

/* In one of the buckets that its addresses are in. */
struct place {
    struct place *next;
    const struct kept *kept;
};

struct kept {
    const struct thunk_shape *shape;
    char *host;
    char *guest;
    char *alike;
    size_t host_size, guest_size;
    uint64_t flexible;
    struct place places[];
};

static struct place *by_host[BUCKETS], *by_guest[BUCKETS];

/* ---- looking ---- */

static size_t granule_of(const char *address)
{
    return (uintptr_t)address / GRANULE;
}

/* Arrays of pointers to one type, as well as rows of numbers, have a shape for
 * each function. */
static bool shapes_agree(const struct thunk_shape *a,
                         const struct thunk_shape *b)
{
    return a == b || (a->member_count == 1 && b->member_count == 1 &&
                      a->members->kind == b->members->kind &&
                      a->members->shape == b->members->shape &&
                      memcmp(a->members->places, b->members->places,
                             sizeof(a->members->places)) == 0 &&
                      memcmp(a->sizes, b->sizes, sizeof(a->sizes)) == 0);
}

/* The last that fits: there is a later one where the earlier were too small. */
static const struct kept *kept_find(struct place *const *buckets,
                                    const struct thunk_shape *shape,
                                    const char *address, size_t size)
{
    bool is_host = buckets == by_host;
    size_t step = shape->sizes[is_host ? THUNK_ISA : thunk_host_guest_isa];
    const struct place *place = __atomic_load_n(
        &buckets[granule_of(address) % BUCKETS], __ATOMIC_ACQUIRE);

    for (; place != NULL; place = place->next) {
        const struct kept *kept = place->kept;
        size_t whole = is_host ? kept->host_size : kept->guest_size;
        size_t at = (size_t)((uintptr_t)address -
                             (uintptr_t)(is_host ? kept->host : kept->guest));

        if (at < whole && at % step == 0 && size <= whole - at &&
            (at == 0 || shape->flexible == NULL) &&
            shapes_agree(kept->shape, shape)) {
            return kept;
        }
    }
    return NULL;
}

/* What of it begins at the `index`th element. */
static void kept_part(const struct kept *kept, size_t index,
                      struct thunk_kept *part)
{
    size_t step = kept->shape->sizes[thunk_host_guest_isa];

    part->host = kept->host + index * kept->shape->sizes[THUNK_ISA];
    part->guest = kept->guest + index * step;
    part->alike = kept->alike + index * step;
    part->flexible = kept->flexible;
}

bool thunk_kept_find(const struct thunk_shape *shape, const char *host,
                     size_t host_size, struct thunk_kept *part)
{
    const struct kept *kept = kept_find(by_host, shape, host, host_size);

    if (kept != NULL) {
        kept_part(kept, (size_t)(host - kept->host) / shape->sizes[THUNK_ISA],
                  part);
    }
    return kept != NULL;
}

bool thunk_kept_find_guest(const struct thunk_shape *shape, const char *guest,
                           int64_t count, struct thunk_kept *part)
{
    size_t step = shape->sizes[thunk_host_guest_isa];
    const struct kept *kept =
        kept_find(by_guest, shape, guest, thunk_copies_size(count, step));

    if (kept != NULL) {
        kept_part(kept, (size_t)(guest - kept->guest) / step, part);
    }
    return kept != NULL;
}

/* ---- making ---- */

/* `alignment` may be less than what is given to all. */
static void *memory_get(size_t size, size_t alignment)
{
    size_t step = alignment < ALIGNMENT ? ALIGNMENT : alignment;
    size_t whole = (size + step - 1) / step * step;
    void *memory = whole < size ? NULL : aligned_alloc(step, whole);

    if (memory == NULL) {
        thunk_copies_fail(size);
    }
    return memset(memory, 0, whole);
}

static size_t granules_of(const char *address, size_t size)
{
    return granule_of(address + size - 1) - granule_of(address) + 1;
}

static struct kept *kept_new(const struct thunk_shape *shape, const char *host,
                             const struct thunk_host_copy *sizes)
{
    char *guest =
        memory_get(sizes->guest_size, shape->alignments[thunk_host_guest_isa]);
    size_t places = granules_of(host, sizes->host_size) +
                    granules_of(guest, sizes->guest_size);
    struct kept *kept =
        memory_get(sizeof(*kept) + places * sizeof(kept->places[0]), 0);

    kept->shape = shape;
    kept->host = (char *)(uintptr_t)host;
    kept->guest = guest;
    kept->alike = memory_get(sizes->guest_size, 0);
    kept->host_size = sizes->host_size;
    kept->guest_size = sizes->guest_size;
    kept->flexible = sizes->flexible;
    return kept;
}

static struct place *buckets_add(struct place **buckets, struct kept *kept,
                                 struct place *place, const char *address,
                                 size_t size)
{
    size_t granule = granule_of(address);
    size_t end = granule + granules_of(address, size);

    for (; granule < end; granule++, place++) {
        struct place **bucket = &buckets[granule % BUCKETS];

        place->kept = kept;
        place->next = *bucket;
        __atomic_store_n(bucket, place, __ATOMIC_RELEASE);
    }
    return place;
}

/* Unless another thread has been faster. */
static const struct kept *kept_add(struct kept *added)
{
    const struct kept *kept;

    thunk_host_lock();
    kept = kept_find(by_host, added->shape, added->host, added->host_size);
    if (kept == NULL) {
        (void)buckets_add(by_guest, added,
                          buckets_add(by_host, added, added->places,
                                      added->host, added->host_size),
                          added->guest, added->guest_size);
    }
    thunk_host_unlock();
    if (kept != NULL) {
        free(added->guest);
        free(added->alike);
        free(added);
    }
    return kept == NULL ? added : kept;
}

void thunk_kept_get(const struct thunk_shape *shape, const char *host,
                    const struct thunk_host_copy *sizes,
                    struct thunk_kept *part)
{
    if (!thunk_kept_find(shape, host, sizes->host_size, part)) {
        const struct kept *kept = kept_add(kept_new(shape, host, sizes));

        kept_part(kept, (size_t)(host - kept->host) / shape->sizes[THUNK_ISA],
                  part);
    }
}

/* ---- what lies there ---- */

static void all_merge(const struct thunk_host_copy *copy, char *to,
                      const char *from, const char *before)
{
    size_t step = copy->shape->sizes[thunk_host_guest_isa];

    for (int64_t i = 0; i < copy->count; i++) {
        size_t at = (size_t)i * step;

        thunk_record_merge(copy->shape, to + at, from + at,
                           before == NULL ? NULL : before + at, copy->flexible);
    }
}

void thunk_kept_settle(const struct thunk_host_copy *copy, const char *fresh)
{
    thunk_host_lock();
    if (copy->is_whole || memcmp(fresh, copy->alike, copy->guest_size) != 0) {
        all_merge(copy, copy->guest, fresh,
                  copy->is_whole ? NULL : copy->alike);
    }
    if (memcmp(fresh, copy->alike, copy->guest_size) != 0) {
        memcpy(copy->alike, fresh, copy->guest_size);
    }
    thunk_host_unlock();
}

bool thunk_kept_claim(const struct thunk_host_copy *copy, char *now, char *was)
{
    bool is_changed;

    thunk_host_lock();
    is_changed = memcmp(copy->guest, copy->alike, copy->guest_size) != 0;
    if (is_changed) {
        memcpy(now, copy->guest, copy->guest_size);
        memcpy(was, copy->alike, copy->guest_size);
        all_merge(copy, copy->alike, now, NULL);
    }
    thunk_host_unlock();
    return is_changed;
}
