/* SPDX-License-Identifier: MIT
 * Words that no thunk sends: the host goes on, and so does the guest. */
#include "garbage.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <thunk/host.h>
#include <thunk/protocol.h>
#include <thunk_arch_guest.h>

#include "check.h"

static int count(const char *text, const char *part)
{
    int found = 0;

    for (; (text = strstr(text, part)) != NULL; text += strlen(part)) {
        found++;
    }
    return found;
}

/* Says at the end what the host has to have told. */
static void throw(void)
{
    struct garbage thrown =
        garbage_throw(LOOPBACK_FOLDER "/host/libloop-htl.so");

    fprintf(stderr, "thrown: %d %d\n", thrown.refused, thrown.crashed);
}

static void garbage_is_survived(void)
{
    struct check_child child = check_child_run(throw);
    const char *line = strstr(child.errors, "thrown: ");
    struct garbage thrown = {0, 0};

    if (child.status != 0 || line == NULL ||
        sscanf(line, "thrown: %d %d", &thrown.refused, &thrown.crashed) != 2) {
        fprintf(stderr, "status %#x\n", (unsigned)child.status);
        check_fail(__FILE__, __LINE__, child.errors);
    }
    CHECK(thrown.refused > 30 && thrown.crashed > 0);
    CHECK_SAME(count(child.errors, "thunk: refused: "), thrown.refused);
    CHECK(count(child.errors, "thunk: host code crashed: ") >= thrown.crashed);
    CHECK_SAME(count(child.errors, " a leaf, but it calls back"), 2);
}

static void with_stats(void)
{
    setenv("THUNK_STATS", "/dev/null", 1);
    garbage_is_survived();
}

static void with_trace(void)
{
    setenv("THUNK_TRACE", "*", 1);
    garbage_is_survived();
}

static void with_both(void)
{
    setenv("THUNK_STATS", "/dev/null", 1);
    with_trace();
}

#ifdef LOOPBACK_ZLIB

/* An entry of another HTL is an entry: it runs, whoever's procs are used. */
static const struct thunk_table *table_load(const char *htl)
{
    uint64_t slot = 0;

    thunk_syscall(THUNK_SYSCALL, THUNK_LOAD_LIBRARY, (uintptr_t)htl, 2,
                  (uintptr_t)&slot);
    CHECK(slot != 0);
    thunk_syscall(THUNK_SYSCALL, THUNK_GET_PROC_ADDRESS, slot,
                  (uintptr_t)THUNK_TABLE_SYMBOL, (uintptr_t)&slot);
    CHECK(slot != 0);
    return (const struct thunk_table *)(uintptr_t)slot;
}

static struct thunk_attachment table_attach(const struct thunk_table *table)
{
    struct thunk_attachment attachment = {.runners = NULL};

    table->attach(&attachment, table->library);
    CHECK(attachment.error == NULL);
    return attachment;
}

static void *entry_find(const struct thunk_table *table, const char *name)
{
    const struct thunk_host_library *library = table->library;
    struct thunk_resolution resolution = {.index = 0};

    while (strcmp(library->functions[resolution.index].name, name) != 0) {
        resolution.index++;
        CHECK(resolution.index < table->count);
    }
    table->resolve(&resolution, table->library);
    CHECK(resolution.entry != NULL);
    return resolution.entry;
}

static void entry_of_another_library(void)
{
    const struct thunk_table *loop =
        table_load(LOOPBACK_FOLDER "/host/libloop-htl.so");
    const struct thunk_table *zlib =
        table_load(LOOPBACK_FOLDER "/host/libz-htl.so");
    struct thunk_attachment attachment = table_attach(loop);
    void *entry;

    (void)table_attach(zlib);
    entry = entry_find(zlib, "crc32");
    for (int way = 0; way < THUNK_WAY_COUNT; way++) {
        struct {
            struct thunk_frame head;
            unsigned long crc;
            const char *text;
            unsigned length;
            unsigned long result;
        } frame = {.text = "123456789", .length = 9};

        attachment.enter[way](entry, &frame);
        CHECK_SAME(frame.head.state, THUNK_DONE);
        CHECK_SAME(frame.result, 0xcbf43926); /* the catalogue's check value */
    }
}

static void entry_of_another_library_observed(void)
{
    setenv("THUNK_STATS", "/dev/null", 1);
    entry_of_another_library();
}

#endif

const struct check_test garbage_tests[] = {
    {"garbage_is_survived", garbage_is_survived},
    {"with_stats", with_stats},
    {"with_trace", with_trace},
    {"with_both", with_both},
#ifdef LOOPBACK_ZLIB
    {"entry_of_another_library", entry_of_another_library},
    {"entry_of_another_library_observed", entry_of_another_library_observed},
#endif
    {NULL, NULL},
};
