/* SPDX-License-Identifier: MIT
 *
 * Host function pointers that stand for guest functions: one pool for the
 * process, which grows without limit and never gives a trampoline back, since
 * nobody can tell when a library has forgotten a pointer.
 *
 * Code and data lie in different pages. A page of code is filled once, with the
 * same few instructions over and over, made executable, and not written again;
 * a trampoline's data lies at a fixed distance from it.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "crossing.h"
#include "host.h"
#include "thunk_trampoline.h"

/* Set by thunk_trampoline_enter, read at once by the callback's code. */
__thread const struct thunk_host_target *thunk_trampoline_target
    __attribute__((tls_model("initial-exec"), visibility("hidden")));

extern const unsigned char thunk_trampoline_code[THUNK_TRAMPOLINE_SIZE];
void thunk_trampoline_enter(void);

_Static_assert(offsetof(struct thunk_host_target, code) == THUNK_TARGET_CODE,
               "trampoline.S reads it");

struct trampoline_data {
    const struct thunk_host_target *target;
    void (*enter)(void);
};

_Static_assert(sizeof(struct trampoline_data) == THUNK_TRAMPOLINE_SIZE,
               "data and code keep step");

enum { TRAMPOLINES_PER_CHUNK = THUNK_TRAMPOLINE_SPAN / THUNK_TRAMPOLINE_SIZE };

struct chunk {
    struct chunk *next;
    char *code; /* data follows */
};

static struct {
    struct thunk_crossings crossings;
    struct chunk *chunks; /* the newest is being filled */
    size_t chunk_used;
} pool = {.chunk_used = TRAMPOLINES_PER_CHUNK}; /* thunk_host_lock() to write */

const struct thunk_crossings *thunk_host_trampolines(void)
{
    return &pool.crossings;
}

thunk_function thunk_host_trampoline_find(uintptr_t target)
{
    const struct thunk_crossing *found =
        thunk_crossing_find(&pool.crossings, NULL, 0, target);

    return found == NULL || (uintptr_t)found->address == target
               ? NULL
               : found->address;
}

thunk_function thunk_host_trampoline_fault(uintptr_t target)
{
    const struct thunk_crossing *found =
        thunk_crossing_find_any(&pool.crossings, (thunk_function)target);

    if (found == NULL) {
        return NULL;
    }
    thunk_crossing_count(found, thunk_host_call_entry());
    return found->address;
}

/* The chunk with that address in its code, with the lock held, or NULL. */
static const struct chunk *chunk_of(uintptr_t address)
{
    const struct chunk *chunk = pool.chunks;

    while (chunk != NULL &&
           address - (uintptr_t)chunk->code >= THUNK_TRAMPOLINE_SPAN) {
        chunk = chunk->next;
    }
    return chunk;
}

/* The data of the trampoline at that address, with the lock held; NULL: there
 * is none. Not every address in a chunk is one's: the chunk may lie where the
 * guest has had a library, and a stale pointer lead anywhere into it. */
static const struct trampoline_data *data_of(uintptr_t address)
{
    const struct chunk *chunk = chunk_of(address);
    size_t offset;

    if (chunk == NULL) {
        return NULL;
    }
    offset = address - (uintptr_t)chunk->code;
    if (offset % THUNK_TRAMPOLINE_SIZE != 0 ||
        (chunk == pool.chunks &&
         offset / THUNK_TRAMPOLINE_SIZE >= pool.chunk_used)) {
        return NULL;
    }
    return (const void *)(chunk->code + offset + THUNK_TRAMPOLINE_SPAN);
}

thunk_function thunk_host_trampoline_target(thunk_function trampoline)
{
    const struct trampoline_data *data;

    thunk_host_lock();
    data = data_of((uintptr_t)trampoline);
    thunk_host_unlock();
    return data == NULL ? NULL : data->target->target;
}

bool thunk_host_trampoline_pool_has(uintptr_t address)
{
    bool has;

    thunk_host_lock();
    has = chunk_of(address) != NULL;
    thunk_host_unlock();
    return has;
}

static bool chunk_add(void)
{
    struct chunk *chunk = malloc(sizeof(*chunk));
    char *code;

    if (chunk == NULL) {
        return false;
    }
    code = mmap(NULL, 2 * THUNK_TRAMPOLINE_SPAN, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (code == MAP_FAILED) {
        free(chunk);
        return false;
    }
    for (size_t i = 0; i < TRAMPOLINES_PER_CHUNK; i++) {
        memcpy(code + i * THUNK_TRAMPOLINE_SIZE, thunk_trampoline_code,
               THUNK_TRAMPOLINE_SIZE);
    }
    if (mprotect(code, THUNK_TRAMPOLINE_SPAN, PROT_READ | PROT_EXEC) != 0) {
        munmap(code, 2 * THUNK_TRAMPOLINE_SPAN);
        free(chunk);
        return false;
    }
    __builtin___clear_cache(code, code + THUNK_TRAMPOLINE_SPAN);
    chunk->code = code;
    chunk->next = pool.chunks;
    pool.chunks = chunk;
    pool.chunk_used = 0;
    return true;
}

/* Takes the next place of the newest chunk. */
static thunk_function code_add(const struct thunk_host_target *target)
{
    char *code;
    struct trampoline_data *data;

    if (pool.chunk_used == TRAMPOLINES_PER_CHUNK && !chunk_add()) {
        return NULL;
    }
    code = pool.chunks->code + pool.chunk_used * THUNK_TRAMPOLINE_SIZE;
    data = (struct trampoline_data *)(void *)(code + THUNK_TRAMPOLINE_SPAN);
    data->target = target;
    data->enter = thunk_trampoline_enter;
    pool.chunk_used++;
    return (thunk_function)(uintptr_t)code;
}

/* What stands for `target` whatever its type: a trampoline for itself, whoever
 * hands it over, and so does a host function that the guest has found in a
 * struct; for a stub, the host function. Else NULL. */
static thunk_function address_known(thunk_function target)
{
    thunk_function known;

    if (data_of((uintptr_t)target) != NULL || thunk_host_stub_has(target)) {
        return target;
    }
    known = thunk_host_trampoline_find((uintptr_t)target);
    return known == NULL || data_of((uintptr_t)known) != NULL ? NULL : known;
}

/* With the lock held. Without `address`, what is there already or else a new
 * trampoline stands for the target. */
static const struct thunk_crossing *pool_add(struct thunk_host_library *library,
                                             uint32_t index,
                                             thunk_function target,
                                             thunk_function address)
{
    struct thunk_crossing *added = thunk_crossing_new(library, index, target);

    if (added == NULL) {
        return NULL;
    }
    if (address == NULL) {
        address = address_known(target);
    }
    if (address == NULL) {
        address = thunk_host_exported_find(library, target);
    }
    added->address = address == NULL ? code_add(&added->target) : address;
    if (added->address == NULL || !thunk_crossing_add(&pool.crossings, added)) {
        free(added); /* a place in the chunk is lost, and memory is out */
        return NULL;
    }
    return added;
}

static const struct thunk_crossing *pool_get(struct thunk_host_library *library,
                                             uint32_t index,
                                             thunk_function target)
{
    const struct thunk_crossing *found =
        thunk_crossing_find(&pool.crossings, library, index, (uintptr_t)target);

    if (found != NULL) {
        thunk_crossing_use(found);
        return found;
    }
    thunk_host_lock();
    found =
        thunk_crossing_find(&pool.crossings, library, index, (uintptr_t)target);
    if (found == NULL) {
        found = pool_add(library, index, target, NULL);
    }
    thunk_host_unlock();
    if (found == NULL) {
        thunk_log(THUNK_LOG_ERROR, "%s: no memory for a trampoline (%s)",
                  library->table->soname, library->callbacks[index].name);
    } else {
        thunk_crossing_use(found);
    }
    return found;
}

thunk_function thunk_host_trampoline(struct thunk_host_library *library,
                                     uint32_t index, thunk_function target)
{
    const struct thunk_crossing *found;

    if (thunk_pointer_is_constant(target)) {
        return target;
    }
    found = pool_get(library, index, target);
    return found == NULL ? NULL : found->address;
}

void thunk_host_adopt(struct thunk_host_library *library, uint32_t index,
                      thunk_function target)
{
    if (!thunk_pointer_is_constant(target)) {
        (void)pool_get(library, index, target);
    }
}

void thunk_host_trampoline_add(struct thunk_host_library *library,
                               uint32_t index, thunk_function stub,
                               thunk_function function)
{
    (void)pool_add(library, index, stub, function);
}

void thunk_host_target_set(const struct thunk_host_target *target)
{
    thunk_trampoline_target = target;
}

const struct thunk_host_target *thunk_host_target(void)
{
    return thunk_trampoline_target;
}
