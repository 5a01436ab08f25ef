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

#include "host.h"
#include "thunk_trampoline.h"

/* Set by thunk_trampoline_enter, read at once by the callback's code. */
__thread const struct thunk_host_target *thunk_trampoline_target
    __attribute__((tls_model("initial-exec"), visibility("hidden")));

extern const unsigned char thunk_trampoline_code[THUNK_TRAMPOLINE_SIZE];
void thunk_trampoline_enter(void);

struct trampoline {
    struct thunk_host_target target;
    thunk_function address;
};

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

/* Open addressing by target alone, so that all types of one target are in one
 * run of slots. Readers take no lock: a slot is set once, and a table that got
 * too full is left behind as it is when its copy takes its place. */
struct table {
    size_t size; /* a power of two, at most half used */
    struct trampoline *slots[];
};

static struct {
    struct table *table;
    size_t count;
    struct chunk *chunks; /* the newest is being filled */
    size_t chunk_used;
} pool = {.chunk_used = TRAMPOLINES_PER_CHUNK}; /* thunk_host_lock() to write */

static size_t slot_first(const struct table *table, uintptr_t target)
{
    /* Fibonacci hashing: the golden ratio of 2^64 */
    return (size_t)((target * 0x9e3779b97f4a7c15u) >> 32) & (table->size - 1);
}

static struct trampoline *slot_load(const struct table *table, size_t slot)
{
    return __atomic_load_n(&table->slots[slot], __ATOMIC_ACQUIRE);
}

static struct table *table_load(void)
{
    return __atomic_load_n(&pool.table, __ATOMIC_ACQUIRE);
}

static const struct trampoline *
pool_find(const struct thunk_host_library *library, uint32_t index,
          uintptr_t target)
{
    const struct table *table = table_load();
    const struct trampoline *found;
    size_t slot;

    if (table == NULL) {
        return NULL;
    }
    slot = slot_first(table, target);
    while ((found = slot_load(table, slot)) != NULL) {
        if ((uintptr_t)found->target.target == target &&
            found->target.library == library && found->target.index == index) {
            return found;
        }
        slot = (slot + 1) & (table->size - 1);
    }
    return NULL;
}

thunk_function thunk_host_trampoline_find(uintptr_t target)
{
    const struct table *table = table_load();
    const struct trampoline *found;
    size_t slot;

    if (table == NULL) {
        return NULL;
    }
    slot = slot_first(table, target);
    while ((found = slot_load(table, slot)) != NULL) {
        if ((uintptr_t)found->target.target == target) {
            return found->address;
        }
        slot = (slot + 1) & (table->size - 1);
    }
    return NULL;
}

static void table_insert(struct table *table, struct trampoline *trampoline)
{
    size_t slot = slot_first(table, (uintptr_t)trampoline->target.target);

    while (table->slots[slot] != NULL) {
        slot = (slot + 1) & (table->size - 1);
    }
    __atomic_store_n(&table->slots[slot], trampoline, __ATOMIC_RELEASE);
}

static bool table_grow(void)
{
    struct table *old = pool.table;
    size_t size = old == NULL ? 64 : 2 * old->size;
    struct table *table =
        calloc(1, sizeof(*table) + size * sizeof(table->slots[0]));

    if (table == NULL) {
        return false;
    }
    table->size = size;
    for (size_t i = 0; old != NULL && i < old->size; i++) {
        if (old->slots[i] != NULL) {
            table_insert(table, old->slots[i]);
        }
    }
    __atomic_store_n(&pool.table, table, __ATOMIC_RELEASE);
    return true;
}

/* Whether the address is a trampoline, with the lock held. */
static bool pool_has(uintptr_t address)
{
    for (const struct chunk *chunk = pool.chunks; chunk != NULL;
         chunk = chunk->next) {
        if (address - (uintptr_t)chunk->code < THUNK_TRAMPOLINE_SPAN) {
            return true;
        }
    }
    return false;
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

/* A trampoline as target stands for itself, whoever hands it over. */
static const struct trampoline *pool_add(struct thunk_host_library *library,
                                         uint32_t index, thunk_function target)
{
    struct trampoline *trampoline;

    if (pool.table == NULL || 2 * pool.count >= pool.table->size) {
        if (!table_grow()) {
            return NULL;
        }
    }
    trampoline = malloc(sizeof(*trampoline));
    if (trampoline == NULL) {
        return NULL;
    }
    trampoline->target = (struct thunk_host_target){
        .library = library,
        .index = index,
        .target = target,
        .code = library->callbacks[index].code,
    };
    trampoline->address =
        pool_has((uintptr_t)target) ? target : code_add(&trampoline->target);
    if (trampoline->address == NULL) {
        free(trampoline);
        return NULL;
    }
    pool.count++;
    table_insert(pool.table, trampoline);
    return trampoline;
}

static const struct trampoline *pool_get(struct thunk_host_library *library,
                                         uint32_t index, thunk_function target)
{
    const struct trampoline *found =
        pool_find(library, index, (uintptr_t)target);

    if (found != NULL) {
        return found;
    }
    thunk_host_lock();
    found = pool_find(library, index, (uintptr_t)target);
    if (found == NULL) {
        found = pool_add(library, index, target);
    }
    thunk_host_unlock();
    if (found == NULL) {
        thunk_log(THUNK_LOG_ERROR, "%s: no memory for a trampoline (%s)",
                  library->table->soname, library->callbacks[index].name);
    }
    return found;
}

thunk_function thunk_host_trampoline(struct thunk_host_library *library,
                                     uint32_t index, thunk_function target)
{
    const struct trampoline *trampoline;

    if (target == NULL) {
        return NULL;
    }
    trampoline = pool_get(library, index, target);
    return trampoline == NULL ? NULL : trampoline->address;
}

void thunk_host_adopt(struct thunk_host_library *library, uint32_t index,
                      thunk_function target)
{
    if (target != NULL) {
        (void)pool_get(library, index, target);
    }
}

const struct thunk_host_target *thunk_host_target(void)
{
    return thunk_trampoline_target;
}
