/* SPDX-License-Identifier: MIT
 *
 * Tables of function pointers that cross: what stands for a pointer of one side
 * on the other, by its type. Nothing in them goes away, so readers take no
 * lock.
 *
 * Code may be replaced by other code at the same address, of another type: a
 * closure that is made anew, or a JIT compiler's. So what has crossed last
 * counts where the type is not known.
 */
#ifndef THUNK_CROSSING_H
#define THUNK_CROSSING_H

#include <stddef.h>

#include "host.h"

/* In place of a callback index, with a function's index added: the type of the
 * function of that name. */
#define THUNK_CROSSING_NAMED (UINT32_C(1) << 31)

struct thunk_crossing {
    struct thunk_host_target target; /* .target is the pointer */
    thunk_function address;          /* what stands for it */
    struct thunk_crossing *first;    /* of that pointer, in whatever type */
    struct thunk_crossing *newest;   /* in the first: the last that has crossed;
                                      * NULL: none has with a type */
    uint64_t faults; /* how often it was reached by way of a fault */
    const struct thunk_host_entry *entry; /* of the call that was first to, or
                                           * NULL: it is not known */
    char *name; /* of a guest function, once it has told; without a type only */
};

/* Open addressing by pointer alone, so that all types of one pointer are in one
 * run of slots. A slot is set once, and a table that got too full is left
 * behind as it is when its copy takes its place. */
struct thunk_crossing_table {
    size_t size; /* a power of two, at most half used */
    struct thunk_crossing *slots[];
};

struct thunk_crossings {
    struct thunk_crossing_table *table;
    size_t count;
};

/* What stands for a pointer of the type library->callbacks[index]; its address
 * is yet to be set. NULL: no memory. free() it unless it is added. */
struct thunk_crossing *thunk_crossing_new(struct thunk_host_library *library,
                                          uint32_t index,
                                          thunk_function pointer);

/* Adds one that is not there, with thunk_host_lock() held. False: no memory. */
bool thunk_crossing_add(struct thunk_crossings *crossings,
                        struct thunk_crossing *crossing);

static inline size_t
thunk_crossing_slot(const struct thunk_crossing_table *table, uintptr_t pointer)
{
    /* Fibonacci hashing: the golden ratio of 2^64 */
    return (size_t)((pointer * 0x9e3779b97f4a7c15u) >> 32) & (table->size - 1);
}

/* The crossing of that type; with `library` NULL, of any. NULL: there is none.
 */
static inline const struct thunk_crossing *
thunk_crossing_find(const struct thunk_crossings *crossings,
                    const struct thunk_host_library *library, uint32_t index,
                    uintptr_t pointer)
{
    const struct thunk_crossing_table *table =
        __atomic_load_n(&crossings->table, __ATOMIC_ACQUIRE);
    const struct thunk_crossing *found;
    size_t slot;

    if (table == NULL) {
        return NULL;
    }
    slot = thunk_crossing_slot(table, pointer);
    while ((found = __atomic_load_n(&table->slots[slot], __ATOMIC_ACQUIRE)) !=
           NULL) {
        if ((uintptr_t)found->target.target == pointer &&
            (library == NULL || (found->target.library == library &&
                                 found->target.index == index))) {
            return found;
        }
        slot = (slot + 1) & (table->size - 1);
    }
    return NULL;
}

/* It crosses, with the type that it has, if any. */
void thunk_crossing_renew(const struct thunk_crossing *crossing);

static inline void thunk_crossing_use(const struct thunk_crossing *crossing)
{
    if (__builtin_expect(__atomic_load_n(&crossing->first->newest,
                                         __ATOMIC_RELAXED) != crossing,
                         0)) {
        thunk_crossing_renew(crossing);
    }
}

/* The one that is to stand for a pointer whose type is not known: the last that
 * has crossed with a type, before one of none. NULL: there is none but, maybe,
 * the pointer itself. */
const struct thunk_crossing *
thunk_crossing_find_any(const struct thunk_crossings *crossings,
                        thunk_function pointer);

/* One more fault, in a call of that entry or in none that is known. */
static inline void thunk_crossing_count(const struct thunk_crossing *crossing,
                                        const struct thunk_host_entry *entry)
{
    struct thunk_crossing *counted =
        (struct thunk_crossing *)(uintptr_t)crossing;

    if (__atomic_fetch_add(&counted->faults, 1, __ATOMIC_RELAXED) == 0) {
        __atomic_store_n(&counted->entry, entry, __ATOMIC_RELAXED);
    }
}

/* Both tables: by guest functions, and by host functions. */
const struct thunk_crossings *thunk_host_trampolines(void);
const struct thunk_crossings *thunk_host_stubs(void);

/* Whether a function pointer is only a value with a meaning: NULL, SIG_IGN,
 * SIG_ERR, SQLITE_TRANSIENT. Neither the first page of the address space nor
 * the last can hold code; such a pointer crosses as it is. */
static inline bool thunk_pointer_is_constant(thunk_function pointer)
{
    return (uintptr_t)pointer + 4096 < 2 * 4096;
}

#endif
