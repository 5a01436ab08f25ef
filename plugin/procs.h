/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Host functions that the guest may have called, by their address. Two rules,
 * one for each door; what has passed once is remembered.
 */
#ifndef DLCALL_PROCS_H
#define DLCALL_PROCS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* The system call's: there is host code at the address. Guest code is not
 * executable for the host, so this refuses it too. */
bool procs_is_code(uintptr_t proc);

/* The instruction door's: a function starts there that a library lists in its
 * dynamic symbol table. */
bool procs_is_listed_slow(uintptr_t proc);

/* A library was closed: remembers nothing any more. */
void procs_forget(void);

/* Whether host code has run in this process, so that there may be something to
 * flush when it ends. */
extern atomic_bool procs_have_run;

enum { PROCS_LISTED_COUNT = 512 };

/* Each at its own place or not at all. */
extern _Atomic uintptr_t procs_listed[PROCS_LISTED_COUNT];

static inline bool procs_is_listed(uintptr_t proc)
{
    return atomic_load_explicit(&procs_listed[proc / 16 % PROCS_LISTED_COUNT],
                                memory_order_relaxed) == proc ||
           procs_is_listed_slow(proc);
}

/* Of those that have nothing to do with FILEs (THUNK_PURE_PREFIX), likewise. */
extern _Atomic uintptr_t procs_pure[PROCS_LISTED_COUNT];

/* The first that runs and is not known to be such: it sets procs_have_run, or
 * becomes known. */
void procs_note(uintptr_t proc);

static inline void procs_call(uintptr_t proc, uint64_t arg1, uint64_t arg2)
{
    if (!atomic_load_explicit(&procs_have_run, memory_order_relaxed) &&
        atomic_load_explicit(&procs_pure[proc / 16 % PROCS_LISTED_COUNT],
                             memory_order_relaxed) != proc) {
        procs_note(proc);
    }
    ((void (*)(void *, void *))proc)((void *)(uintptr_t)arg1,
                                     (void *)(uintptr_t)arg2);
}

#endif
