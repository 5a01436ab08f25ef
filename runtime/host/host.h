/* SPDX-License-Identifier: MIT
 * What the files of the host runtime share among themselves. */
#ifndef THUNK_HOST_INTERNAL_H
#define THUNK_HOST_INTERNAL_H

#include <stdbool.h>
#include <thunk/host.h>

#include "../common/log.h"

/* Runs an entry on a host stack of its own; the proc of every full call. Its
 * arguments are a thunk_entry * and a struct thunk_frame *. */
void thunk_host_enter(void *entry, void *frame);

/* Runs an entry on the caller's stack. */
void thunk_host_enter_leaf(void *entry, void *frame);

/* For work that is seldom: stacks, trampolines, counters. A forked child finds
 * it open. */
void thunk_host_lock(void);
bool thunk_host_try_lock(void);
void thunk_host_unlock(void);

/* Whether this thread is inside a host function that a guest called. */
bool thunk_host_call_is_running(void);

/* Leaves the running call for good and tells the guest that it crashed. */
void thunk_host_call_abandon(void) __attribute__((noreturn));

/* A trampoline of whatever type for this guest address, or NULL when none is
 * known; `library` is set to the one that made it known. Takes no lock: it is
 * called from a signal handler. */
thunk_function thunk_host_trampoline_find(uintptr_t target,
                                          struct thunk_host_library **library);

/* Puts the handler for adopted pointers before QEMU's own; once. */
void thunk_host_fault_handler_install(void);

/* Whether calls are counted, for a line of each library at the end: with
 * THUNK_LOG=info or debug. Decided once, by thunk_host_count_start(). */
extern bool thunk_host_is_counting;

static inline bool thunk_host_counts(void)
{
    return __builtin_expect(
        __atomic_load_n(&thunk_host_is_counting, __ATOMIC_RELAXED), 0);
}

/* Joins a library to those that are told of; may be called again. */
void thunk_host_count_start(struct thunk_host_library *library);

/* The first argument of enter() for that entry; NULL without memory. */
void *thunk_host_count_entry(struct thunk_host_library *library,
                             thunk_entry *entry);

/* enter() and enter_leaf() for what thunk_host_count_entry() gives. */
void thunk_host_enter_counted(void *counted, void *frame);
void thunk_host_enter_leaf_counted(void *counted, void *frame);

#endif
