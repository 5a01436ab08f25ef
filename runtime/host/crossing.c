/* SPDX-License-Identifier: MIT */
#include "crossing.h"

#include <stdlib.h>

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

    while (table->slots[slot] != NULL) {
        slot = (slot + 1) & (table->size - 1);
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
