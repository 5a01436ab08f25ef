/* SPDX-License-Identifier: MIT */
#include "crossing.h"

#include <stdlib.h>

#include "net.h"

struct thunk_crossing *thunk_crossing_new(struct thunk_host_library *library,
                                          uint32_t index,
                                          thunk_function pointer)
{
    struct thunk_crossing *crossing = malloc(sizeof(*crossing));

    if (crossing != NULL) {
        *crossing = (struct thunk_crossing){
            .target =
                {
                    .library = library,
                    .index = index,
                    .target = pointer,
                    .code = index < THUNK_CROSSING_NAMED
                                ? library->callbacks[index].code
                                : NULL,
                },
        };
    }
    return crossing;
}

static void table_insert(struct thunk_crossing_table *table,
                         struct thunk_crossing *crossing)
{
    size_t slot =
        thunk_crossing_slot(table, (uintptr_t)crossing->target.target);
    const struct thunk_crossing *other;

    while ((other = table->slots[slot]) != NULL) {
        if (crossing->first == NULL &&
            other->target.target == crossing->target.target) {
            crossing->first = other->first;
        }
        slot = (slot + 1) & (table->size - 1);
    }
    if (crossing->first == NULL) {
        crossing->first = crossing;
    }
    __atomic_store_n(&table->slots[slot], crossing, __ATOMIC_RELEASE);
}

static bool table_grow(struct thunk_crossings *crossings)
{
    struct thunk_crossing_table *old = crossings->table;
    size_t size = old == NULL ? 64 : 2 * old->size;
    struct thunk_crossing_table *table =
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
    __atomic_store_n(&crossings->table, table, __ATOMIC_RELEASE);
    return true;
}

bool thunk_crossing_add(struct thunk_crossings *crossings,
                        struct thunk_crossing *crossing)
{
    if (crossings->table == NULL ||
        2 * crossings->count >= crossings->table->size) {
        if (!table_grow(crossings)) {
            return false;
        }
    }
    crossings->count++;
    table_insert(crossings->table, crossing);
    return true;
}

void thunk_crossing_renew(const struct thunk_crossing *crossing)
{
    if (!thunk_host_net_is(crossing->target.library)) {
        __atomic_store_n(&crossing->first->newest,
                         (struct thunk_crossing *)(uintptr_t)crossing,
                         __ATOMIC_RELEASE);
    }
}

const struct thunk_crossing *
thunk_crossing_find_any(const struct thunk_crossings *crossings,
                        thunk_function pointer)
{
    const struct thunk_crossing_table *table =
        __atomic_load_n(&crossings->table, __ATOMIC_ACQUIRE);
    const struct thunk_crossing *found, *best = NULL, *newest = NULL;
    size_t slot;

    if (table == NULL) {
        return NULL;
    }
    slot = thunk_crossing_slot(table, (uintptr_t)pointer);
    while ((found = __atomic_load_n(&table->slots[slot], __ATOMIC_ACQUIRE)) !=
           NULL) {
        if (found->target.target == pointer && found->address != pointer &&
            (best == NULL || thunk_host_net_is(best->target.library))) {
            best = found;
        }
        slot = (slot + 1) & (table->size - 1);
    }
    if (best != NULL) {
        newest = __atomic_load_n(&best->first->newest, __ATOMIC_ACQUIRE);
    }
    return newest == NULL || newest->address == pointer ? best : newest;
}
