/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE
#include "procs.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "../runtime/common/maps.h"
#include "thunk/protocol.h"

enum { CODE_COUNT = 1024 };

static _Atomic uintptr_t code[CODE_COUNT];
_Atomic uintptr_t procs_listed[PROCS_LISTED_COUNT];
_Atomic uintptr_t procs_pure[PROCS_LISTED_COUNT];
atomic_bool procs_have_run;

void procs_forget(void)
{
    for (size_t i = 0; i < CODE_COUNT; i++) {
        atomic_store_explicit(&code[i], 0, memory_order_relaxed);
    }
    for (size_t i = 0; i < PROCS_LISTED_COUNT; i++) {
        atomic_store_explicit(&procs_listed[i], 0, memory_order_relaxed);
        atomic_store_explicit(&procs_pure[i], 0, memory_order_relaxed);
    }
}

static bool memory_is_executable(uintptr_t address)
{
    char line[PATH_MAX + 128];
    bool found = false;
    struct thunk_maps maps;
    const bool is_open = thunk_maps_open(&maps);

    while (is_open && !found && fgets(line, sizeof line, maps.lines)) {
        uintmax_t start, end;
        char executable;

        found =
            sscanf(line, "%jx-%jx %*2c%c", &start, &end, &executable) == 3 &&
            executable == 'x' && start <= address && address < end;
    }
    if (is_open) {
        thunk_maps_close(&maps);
    }
    return found;
}

bool procs_is_code(uintptr_t proc)
{
    _Atomic uintptr_t *known = &code[(proc >> 4 ^ proc >> 14) % CODE_COUNT];

    if (proc != 0 &&
        atomic_load_explicit(known, memory_order_relaxed) == proc) {
        return true;
    }
    if (!memory_is_executable(proc)) {
        return false;
    }
    atomic_store_explicit(known, proc, memory_order_relaxed);
    return true;
}

/* A symbol of data is no function: its memory is not executable. */
bool procs_is_listed_slow(uintptr_t proc)
{
    Dl_info info;

    if (proc == 0 || dladdr((void *)proc, &info) == 0 ||
        info.dli_saddr != (void *)proc || !procs_is_code(proc)) {
        return false;
    }
    atomic_store_explicit(&procs_listed[proc / 16 % PROCS_LISTED_COUNT], proc,
                          memory_order_relaxed);
    return true;
}

void procs_note(uintptr_t proc)
{
    Dl_info info;

    if (dladdr((void *)proc, &info) != 0 && info.dli_saddr == (void *)proc &&
        strncmp(info.dli_sname, THUNK_PURE_PREFIX, strlen(THUNK_PURE_PREFIX)) ==
            0) {
        atomic_store_explicit(&procs_pure[proc / 16 % PROCS_LISTED_COUNT], proc,
                              memory_order_relaxed);
    } else {
        atomic_store_explicit(&procs_have_run, true, memory_order_relaxed);
    }
}
