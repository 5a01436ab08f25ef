/* SPDX-License-Identifier: MIT
 *
 * Counts calls and callbacks, when asked to. Without it nothing is in their
 * way: the guest gets another enter() and other words for it at attach.
 */
#include <stdlib.h>

#include "host.h"

bool thunk_host_is_counting;

/* What enter() gets for an entry when calls are counted. */
struct counted {
    thunk_entry *entry;
    struct thunk_host_library *library;
    uint64_t calls;
    struct counted *next;
};

/* Under thunk_host_lock() */
static struct thunk_host_library *libraries;
static struct counted *counted_first;

void thunk_host_count_start(struct thunk_host_library *library)
{
    struct thunk_host_library *present;

    thunk_host_lock();
    __atomic_store_n(&thunk_host_is_counting, thunk_log_enabled(THUNK_LOG_INFO),
                     __ATOMIC_RELAXED);
    present = libraries;
    while (present != NULL && present != library) {
        present = present->next;
    }
    if (present == NULL) {
        library->next = libraries;
        libraries = library;
    }
    thunk_host_unlock();
}

void *thunk_host_count_entry(struct thunk_host_library *library,
                             thunk_entry *entry)
{
    struct counted *counted = malloc(sizeof(*counted));

    if (counted != NULL) {
        counted->entry = entry;
        counted->library = library;
        counted->calls = 0;
        thunk_host_lock();
        counted->next = counted_first;
        counted_first = counted;
        thunk_host_unlock();
    }
    return counted;
}

/* Counts one call more; the entry, as enter() takes it. */
static void *entry_count(struct counted *counted)
{
    __atomic_fetch_add(&counted->calls, 1, __ATOMIC_RELAXED);
    return (void *)(uintptr_t)counted->entry;
}

void thunk_host_enter_counted(void *counted, void *frame)
{
    thunk_host_enter(entry_count(counted), frame);
}

void thunk_host_enter_leaf_counted(void *counted, void *frame)
{
    thunk_host_enter_leaf(entry_count(counted), frame);
}

static uint64_t calls_sum(const struct thunk_host_library *library)
{
    uint64_t sum = 0;

    for (struct counted *counted = counted_first; counted != NULL;
         counted = counted->next) {
        if (counted->library == library) {
            sum += __atomic_load_n(&counted->calls, __ATOMIC_RELAXED);
        }
    }
    return sum;
}

/* The plugin calls a function of this name in what it has loaded when the
 * guest's process ends by itself. Other threads may still run. */
THUNK_EXPORT void dlcall_exit(void);

void dlcall_exit(void)
{
    static bool is_told; /* one call for each HTL */

    if (is_told || !thunk_host_counts() || !thunk_host_try_lock()) {
        return;
    }
    is_told = true;
    for (struct thunk_host_library *library = libraries; library != NULL;
         library = library->next) {
        thunk_log(
            THUNK_LOG_INFO, "%s: %llu calls, %llu callbacks, %llu by fault",
            library->table->soname, (unsigned long long)calls_sum(library),
            (unsigned long long)__atomic_load_n(&library->callbacks_taken,
                                                __ATOMIC_RELAXED),
            (unsigned long long)__atomic_load_n(&library->faults_taken,
                                                __ATOMIC_RELAXED));
    }
    thunk_host_unlock();
}
