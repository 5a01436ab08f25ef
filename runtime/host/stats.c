/* SPDX-License-Identifier: MIT */
#include "stats.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "heap.h"
#include "net.h"
#include "observe.h"
#include "pointers.h"

enum {
    /* Advice needs calls enough to go by, and then a mean and a longest call
     * that far apart: others on the machine make any call look long at times.
     */
    ADVICE_CALLS = 100,
    FAST_MEAN_NS = 2000,
    FAST_LONGEST_NS = 1000000,
    SLOW_LONGEST_NS = 10000000,
};

void thunk_stats_add_time(struct thunk_host_stats *stats, uint64_t time)
{
    uint64_t longest = __atomic_load_n(&stats->longest, __ATOMIC_RELAXED);

    thunk_stats_add(&stats->time, time);
    while (time > longest &&
           !__atomic_compare_exchange_n(&stats->longest, &longest, time, true,
                                        __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
    }
}

void thunk_stats_clear(struct thunk_host_library *first)
{
    for (; first != NULL; first = first->next) {
        memset(first->stats, 0, first->table->count * sizeof(*first->stats));
        first->thread_callbacks = 0;
    }
    thunk_pointers_clear();
}

/* One line of the report. */
struct row {
    const struct thunk_host_library *library;
    const char *name;
    struct thunk_host_stats stats;
    uint64_t calls; /* through all doors */
};

struct rows {
    struct row *rows;
    size_t count;
};

static int row_compare(const void *left, const void *right)
{
    const struct row *a = left, *b = right;

    if (a->stats.time != b->stats.time) {
        return a->stats.time < b->stats.time ? 1 : -1;
    }
    return strcmp(a->name, b->name);
}

static struct thunk_host_stats stats_read(const struct thunk_host_stats *from)
{
    struct thunk_host_stats stats = {.is_told = from->is_told};

    for (size_t way = 0; way < THUNK_WAY_COUNT; way++) {
        stats.calls[way] = __atomic_load_n(&from->calls[way], __ATOMIC_RELAXED);
    }
    stats.time = __atomic_load_n(&from->time, __ATOMIC_RELAXED);
    stats.longest = __atomic_load_n(&from->longest, __ATOMIC_RELAXED);
    stats.callbacks = __atomic_load_n(&from->callbacks, __ATOMIC_RELAXED);
    stats.faults = __atomic_load_n(&from->faults, __ATOMIC_RELAXED);
    return stats;
}

/* The functions that were called, those that took most of the time first. */
static struct rows rows_collect(const struct thunk_host_library *first)
{
    struct rows rows = {NULL, 0};
    size_t count = 1;

    for (const struct thunk_host_library *library = first; library != NULL;
         library = library->next) {
        count += library->table->count;
    }
    rows.rows = calloc(count, sizeof(*rows.rows));
    for (; rows.rows != NULL && first != NULL; first = first->next) {
        for (uint32_t i = 0; i < first->table->count; i++) {
            struct row *row = &rows.rows[rows.count];

            row->library = first;
            row->name = first->functions[i].name;
            row->stats = stats_read(&first->stats[i]);
            row->calls = row->stats.calls[THUNK_SYSCALL_DOOR] +
                         row->stats.calls[THUNK_FAST] +
                         row->stats.calls[THUNK_LEAF];
            rows.count += row->calls > 0;
        }
    }
    if (rows.count > 0) {
        qsort(rows.rows, rows.count, sizeof(*rows.rows), row_compare);
    }
    return rows;
}

/* The door that the figures speak for, where it is not the one in use; or NULL.
 * That no call has blocked does not prove that none can. */
static const char *row_advice(const struct row *row)
{
    const struct thunk_host_stats *stats = &row->stats;

    if (row->calls > stats->calls[THUNK_SYSCALL_DOOR]) {
        return stats->longest >= SLOW_LONGEST_NS ? "syscall" : NULL;
    }
    return row->calls >= ADVICE_CALLS &&
                   stats->time / row->calls < FAST_MEAN_NS &&
                   stats->longest < FAST_LONGEST_NS
               ? "fast"
               : NULL;
}

static const char *row_door(const struct row *row)
{
    static const char *const names[THUNK_WAY_COUNT] = {
        [THUNK_SYSCALL_DOOR] = "syscall",
        [THUNK_FAST] = "fast",
        [THUNK_LEAF] = "leaf",
    };

    for (size_t way = 0; way < THUNK_WAY_COUNT; way++) {
        if (row->stats.calls[way] == row->calls) {
            return names[way];
        }
    }
    return "both"; /* a thread's first call, or a knock that was not heard */
}

/* What the process is called: its program, if it does not say otherwise. A name
 * is anything; what JSON would want escaped is no part of any that matters. */
static void name_read(char name[32])
{
    FILE *file = fopen("/proc/self/comm", "re");

    name[0] = '\0';
    if (file != NULL) {
        if (fgets(name, 32, file) == NULL) {
            name[0] = '\0';
        }
        fclose(file);
    }
    name[strcspn(name, "\n")] = '\0';
    for (char *at = name; *at != '\0'; at++) {
        if (*at < ' ' || *at > '~' || *at == '"' || *at == '\\') {
            *at = '?';
        }
    }
}

static void heap_report_text(FILE *stream)
{
    const struct thunk_heap_use use = thunk_host_heap_use();

    if (!thunk_host_heap_is_apart()) {
        return; /* one libc, in tests */
    }
    if (use.is_shared) {
        fprintf(stream,
                "heap: one for the program and the host's libraries, %zu MiB\n",
                use.size >> 20);
    } else {
        fprintf(stream,
                "heap: the program's own; %" PRIu64
                " callbacks of the host's libraries for their blocks\n",
                use.callbacks);
    }
}

static void heap_report_json(FILE *stream)
{
    const struct thunk_heap_use use = thunk_host_heap_use();

    fprintf(stream,
            ",\n \"heap\": {\"is_shared\": %s, \"bytes\": %zu, "
            "\"callbacks\": %" PRIu64 "}",
            use.is_shared ? "true" : "false", use.size, use.callbacks);
}

static void report_text(FILE *stream, const struct rows *rows)
{
    char name[32];
    int width = 24;

    for (size_t i = 0; i < rows->count; i++) {
        int length = (int)strlen(rows->rows[i].name);

        width = length > width ? length : width;
    }
    name_read(name);
    fprintf(stream,
            "thunk: statistics of process %d, %s\n"
            "%-*s %-16s %-7s %10s %11s %9s %10s %10s %8s  %s\n",
            (int)getpid(), name, width, "function", "library", "door", "calls",
            "host ms", "mean us", "longest us", "callbacks", "faults",
            "try door");
    for (size_t i = 0; i < rows->count; i++) {
        const struct row *row = &rows->rows[i];
        const struct thunk_host_stats *stats = &row->stats;
        const char *advice = row_advice(row);

        fprintf(stream,
                "%-*s %-16s %-7s %10" PRIu64 " %11.3f %9.3f %10.3f %10" PRIu64
                " %8" PRIu64 "%s%s\n",
                width, row->name, row->library->table->soname, row_door(row),
                row->calls, (double)stats->time / 1e6,
                (double)stats->time / 1e3 / (double)row->calls,
                (double)stats->longest / 1e3, stats->callbacks, stats->faults,
                advice == NULL ? "" : "  ", advice == NULL ? "" : advice);
    }
    thunk_pointers_report_text(stream);
    heap_report_text(stream);
}

/* Names and sonames have no character that JSON would want escaped. */
static void report_json(FILE *stream, const struct rows *rows)
{
    char name[32];

    name_read(name);
    fprintf(stream, "{\"process\": %d, \"program\": \"%s\", \"functions\": [",
            (int)getpid(), name);
    for (size_t i = 0; i < rows->count; i++) {
        const struct row *row = &rows->rows[i];
        const struct thunk_host_stats *stats = &row->stats;
        const char *advice = row_advice(row);

        fprintf(stream,
                "%s\n  {\"library\": \"%s\", \"function\": \"%s\", "
                "\"calls\": {\"syscall\": %" PRIu64 ", \"fast\": %" PRIu64
                ", \"leaf\": %" PRIu64 "}, \"host_ns\": %" PRIu64
                ", \"mean_ns\": %" PRIu64 ", \"longest_ns\": %" PRIu64
                ", \"callbacks\": %" PRIu64 ", \"faults\": %" PRIu64
                ", \"try_door\": %s%s%s}",
                i == 0 ? "" : ",", row->library->table->soname, row->name,
                stats->calls[THUNK_SYSCALL_DOOR], stats->calls[THUNK_FAST],
                stats->calls[THUNK_LEAF], stats->time, stats->time / row->calls,
                stats->longest, stats->callbacks, stats->faults,
                advice == NULL ? "" : "\"", advice == NULL ? "null" : advice,
                advice == NULL ? "" : "\"");
    }
    fputs("]", stream);
    thunk_pointers_report_json(stream);
    heap_report_json(stream);
    fputs("}\n", stream);
}

bool thunk_stats_has_calls(const struct thunk_host_library *first)
{
    const struct rows rows = rows_collect(first);
    const bool has_calls = rows.count > 0;

    free(rows.rows);
    return has_calls;
}

/* One write, so that reports of several processes do not mix. */
static void report_write(const char *path, const char *text, size_t size)
{
    int file = STDERR_FILENO;

    if (path[0] != '\0' && strcmp(path, "-") != 0) {
        file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    } else if (!thunk_observe_stderr_is_same()) {
        return;
    }
    if (file < 0 || write(file, text, size) != (ssize_t)size) {
        thunk_log(THUNK_LOG_ERROR, "cannot write the statistics to '%s': %s",
                  path, strerror(errno));
    }
    if (file > STDERR_FILENO) {
        close(file);
    }
}

void thunk_stats_report(const struct thunk_host_library *first,
                        const char *path)
{
    const char *ending = strrchr(path, '.');
    struct rows rows = rows_collect(first);
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);

    if (rows.rows != NULL && stream != NULL) {
        (ending != NULL && strcmp(ending, ".json") == 0
             ? report_json
             : report_text)(stream, &rows);
        fclose(stream);
        report_write(path, text, size);
    }
    free(text);
    free(rows.rows);
}

void thunk_stats_log(const struct thunk_host_library *first)
{
    for (; first != NULL; first = first->next) {
        uint64_t calls = 0, faults = 0;
        uint64_t callbacks =
            __atomic_load_n(&first->thread_callbacks, __ATOMIC_RELAXED);

        for (uint32_t i = 0; i < first->table->count; i++) {
            struct thunk_host_stats stats = stats_read(&first->stats[i]);

            for (size_t way = 0; way < THUNK_WAY_COUNT; way++) {
                calls += stats.calls[way];
            }
            callbacks += stats.callbacks;
            faults += stats.faults;
        }
        if (thunk_host_net_is(first) && calls + callbacks == 0) {
            continue;
        }
        thunk_log(THUNK_LOG_INFO,
                  "%s: %" PRIu64 " calls, %" PRIu64 " callbacks, %" PRIu64
                  " by fault",
                  first->table->soname, calls, callbacks, faults);
    }
}
