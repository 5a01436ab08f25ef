/* SPDX-License-Identifier: MIT
 *
 * Guest function pointers that stand for host functions: stubs. The guest makes
 * them (guest/stub.c), as the callback of the call that wants one; the table is
 * here, where trampolines are known too. A stub is never given back, since
 * nobody can tell when the program has forgotten it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "crossing.h"
#include "host.h"
#include "probe.h"

static struct thunk_crossings stubs; /* thunk_host_lock() to write */

/* The guest's runtime as a library that can be called back. */
static thunk_runner *maker_runner;

static const struct thunk_table maker_table = {.soname = "libthunk-guest.so"};
static const struct thunk_host_callback maker_callback = {
    .name = "stub",
    .trace = "stub(function=%p) = %p",
};
static struct thunk_host_library maker = {
    .table = &maker_table,
    .callbacks = &maker_callback,
    .runners = &maker_runner,
};

/* What the host can execute is the host's. Not so in tests where the guest is
 * native code as well. */
static bool guest_is_emulated;

const struct thunk_crossings *thunk_host_stubs(void)
{
    return &stubs;
}

void thunk_host_stub_start(thunk_runner *make_stub)
{
    if (maker_runner == NULL) {
        guest_is_emulated = !thunk_host_probe_code((thunk_function)make_stub);
        maker_runner = make_stub;
    }
}

bool thunk_host_stub_has(thunk_function function)
{
    const struct thunk_crossing *found =
        thunk_crossing_find(&stubs, NULL, 0, (uintptr_t)function);

    return found != NULL && found->address != function;
}

thunk_function thunk_host_stub_fault(thunk_function function)
{
    const struct thunk_crossing *found =
        thunk_crossing_find_any(&stubs, function);

    if (found == NULL) {
        return NULL;
    }
    thunk_crossing_count(found, NULL);
    return found->address;
}

thunk_function thunk_host_stub_function(thunk_function stub)
{
    thunk_function function = thunk_host_trampoline_find((uintptr_t)stub);

    /* Of a guest function it is a trampoline. */
    return function == NULL ||
                   thunk_host_trampoline_pool_has((uintptr_t)function)
               ? NULL
               : function;
}

/* What a pointer is for the guest that needs no stub, or NULL: the target of a
 * trampoline, and a pointer that the host has from the guest as it is. */
static thunk_function guest_own(thunk_function function)
{
    thunk_function target = thunk_host_trampoline_target(function);

    if (target != NULL) {
        return target;
    }
    if (!guest_is_emulated &&
        thunk_host_trampoline_find((uintptr_t)function) != NULL) {
        return function;
    }
    return thunk_host_probe_code(function) ? NULL : function;
}

/* `code` is the guest's, which learns the word. */
static thunk_function stub_ask(thunk_function code, thunk_function word)
{
    const struct thunk_host_target target = {
        .library = &maker,
        .target = code,
    };
    struct thunk_stub_frame frame = {.function = word};

    thunk_host_callback(&target, &frame.head);
    return frame.result;
}

/* With the lock held. */
static const struct thunk_crossing *stub_add(struct thunk_host_library *library,
                                             uint32_t index,
                                             thunk_function function,
                                             thunk_function stub)
{
    struct thunk_crossing *added = thunk_crossing_new(library, index, function);

    if (added == NULL) {
        return NULL;
    }
    added->address = stub;
    if (!thunk_crossing_add(&stubs, added)) {
        free(added);
        return NULL;
    }
    return added;
}

/* Several threads may have had one made: the first counts. A function of its
 * own, as are the others, because a call may go on on another thread after a
 * callback: errno has another place then. */
static __attribute__((noinline)) thunk_function
stub_publish(struct thunk_host_library *library, uint32_t index,
             thunk_function function, thunk_function stub, bool is_made)
{
    const struct thunk_crossing *found;
    int saved = errno;

    thunk_host_lock();
    found = thunk_crossing_find(&stubs, library, index, (uintptr_t)function);
    if (found == NULL && stub != NULL) {
        found = stub_add(library, index, function, stub);
        if (found != NULL && is_made) {
            /* Unwraps it when it comes back */
            thunk_host_trampoline_add(library, index, stub, function);
        }
    }
    thunk_host_unlock();
    if (found == NULL) {
        thunk_log(THUNK_LOG_ERROR, "%s: no memory for a stub (%s)",
                  library->table->soname,
                  index < THUNK_CROSSING_NAMED
                      ? library->callbacks[index].name
                      : library->functions[index - THUNK_CROSSING_NAMED].name);
    }
    errno = saved;
    return found == NULL ? NULL : found->address;
}

thunk_function thunk_host_stub_add(struct thunk_host_library *library,
                                   uint32_t index, thunk_function function,
                                   thunk_function stub)
{
    return stub_publish(library, index, function, stub, true);
}

static __attribute__((noinline)) thunk_function
stub_get(struct thunk_host_library *library, uint32_t index,
         thunk_function function)
{
    thunk_function own = guest_own(function);

    if (own != NULL) {
        return stub_publish(library, index, function, own, false);
    }
    own = thunk_host_exported(library, index, function);
    if (own != NULL) {
        return own;
    }
    return stub_publish(library, index, function,
                        stub_ask(library->stubs[index], function), true);
}

thunk_function thunk_host_stub(struct thunk_host_library *library,
                               uint32_t index, thunk_function function)
{
    const struct thunk_crossing *found;

    if (thunk_pointer_is_constant(function)) {
        return function;
    }
    found = thunk_crossing_find(&stubs, library, index, (uintptr_t)function);
    return found != NULL ? found->address : stub_get(library, index, function);
}

/* The function of that name in a part of the table. */
static uint32_t name_find(const struct thunk_host_library *library,
                          uint32_t start, uint32_t end, const char *name)
{
    while (start < end) {
        uint32_t middle = start + (end - start) / 2;
        int order = strcmp(name, library->functions[middle].name);

        if (order == 0) {
            return middle;
        }
        if (order < 0) {
            end = middle;
        } else {
            start = middle + 1;
        }
    }
    return UINT32_MAX;
}

/* UINT32_MAX: no header declares it. */
static uint32_t procedure_find(const struct thunk_host_library *library,
                               const char *name)
{
    uint32_t index = name_find(library, 0, library->symbol_count, name);

    return index != UINT32_MAX ? index
                               : name_find(library, library->entry_count,
                                           library->table->count, name);
}

thunk_function thunk_host_exported(struct thunk_host_library *library,
                                   uint32_t index, thunk_function function)
{
    Dl_info info = {0};
    uint32_t found;

    if (library->exports == NULL || thunk_pointer_is_constant(function) ||
        dladdr((void *)(uintptr_t)function, &info) == 0 ||
        info.dli_sname == NULL) {
        return NULL;
    }
    found = name_find(library, 0, library->symbol_count, info.dli_sname);
    if (found == UINT32_MAX || thunk_host_symbol(library, found) != function) {
        return NULL;
    }
    return stub_publish(library, index, function, library->exports[found],
                        true);
}

static struct thunk_host_entry *entry_new(struct thunk_host_library *library,
                                          uint32_t index,
                                          thunk_function function)
{
    struct thunk_host_entry *entry = malloc(sizeof(*entry));

    if (entry != NULL) {
        thunk_host_entry_set(entry, library, index, function);
    }
    return entry;
}

static thunk_function procedure_refuse(const struct thunk_host_library *library,
                                       const char *name)
{
    thunk_log(THUNK_LOG_INFO,
              "%s: %s: the host has it, but the thunk has no code for it: the "
              "program gets NULL",
              library->table->soname, name);
    return NULL;
}

/* The entry of a stub lives as long as that, so for good. */
static __attribute__((noinline)) thunk_function
procedure_get(struct thunk_host_library *library, uint32_t index,
              thunk_function function)
{
    uint32_t type = THUNK_CROSSING_NAMED + index;
    thunk_function code = library->procedures[index];
    struct thunk_host_entry *entry;

    if (index < library->symbol_count &&
        thunk_host_symbol(library, index) == function) {
        return stub_publish(library, type, function, library->exports[index],
                            false);
    }
    if (code == NULL) {
        return procedure_refuse(library, library->functions[index].name);
    }
    entry = entry_new(library, index, function);
    return stub_publish(
        library, type, function,
        entry == NULL ? NULL : stub_ask(code, (thunk_function)(uintptr_t)entry),
        true);
}

thunk_function thunk_host_procedure(struct thunk_host_library *library,
                                    const char *name, thunk_function function)
{
    const struct thunk_crossing *found;
    uint32_t index;

    if (thunk_pointer_is_constant(function) || name == NULL) {
        return function;
    }
    index = procedure_find(library, name);
    if (index == UINT32_MAX) {
        return procedure_refuse(library, name);
    }
    found = thunk_crossing_find(&stubs, library, THUNK_CROSSING_NAMED + index,
                                (uintptr_t)function);
    return found != NULL ? found->address
                         : procedure_get(library, index, function);
}
