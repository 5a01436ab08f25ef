/* SPDX-License-Identifier: MIT */
#include "pointers.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>

#include "net.h"

enum { TEXT_SIZE = 256 };

/* One function pointer of a report. */
struct row {
    bool is_to_host;
    uint64_t faults;
    char name[TEXT_SIZE];
    char spec[TEXT_SIZE]; /* what to write; empty: nothing would help */
};

/* SYMBOL of FILE, as far as the dynamic linker knows; else FILE+OFFSET. */
static void host_name(char *text, size_t size, thunk_function function)
{
    void *address = (void *)(uintptr_t)function;
    Dl_info info = {0};
    const char *file;

    if (dladdr(address, &info) == 0 || info.dli_fname == NULL) {
        snprintf(text, size, "%p", address);
        return;
    }
    file = strrchr(info.dli_fname, '/');
    file = file == NULL ? info.dli_fname : file + 1;
    if (info.dli_sname != NULL && info.dli_saddr == address) {
        snprintf(text, size, "%s of %s", info.dli_sname, file);
    } else {
        snprintf(text, size, "%s+0x%" PRIxPTR, file,
                 (uintptr_t)address - (uintptr_t)info.dli_fbase);
    }
}

/* The guest has told the names only of those without a type. */
static void guest_name(char *text, size_t size,
                       const struct thunk_crossing *crossing)
{
    const struct thunk_host_target *target = &crossing->target;
    const char *name = __atomic_load_n(&crossing->name, __ATOMIC_ACQUIRE);

    if (name != NULL && name[0] != '\0') {
        snprintf(text, size, "%s", name);
    } else if (thunk_host_net_is(target->library)) {
        snprintf(text, size, "%p", (void *)(uintptr_t)target->target);
    } else {
        snprintf(text, size, "%p, %s", (void *)(uintptr_t)target->target,
                 target->library->callbacks[target->index].name);
    }
}

/* A guest function with a type is one that lies in a struct of the program's,
 * which is left as it is. */
static void spec_advise(char *text, size_t size,
                        const struct thunk_crossing *crossing, bool is_to_host)
{
    const struct thunk_host_entry *entry =
        __atomic_load_n(&crossing->entry, __ATOMIC_RELAXED);

    text[0] = '\0';
    if (!thunk_host_net_is(crossing->target.library)) {
        return;
    }
    if (is_to_host) {
        snprintf(text, size,
                 "types: {STRUCT: {stubs: true}}, of the struct that holds it; "
                 "where its type does not tell, with callbacks: {MEMBER: "
                 "TYPE}");
    } else if (entry != NULL && !thunk_host_net_is(entry->library)) {
        snprintf(text, size,
                 "%s: functions: {%s: {callbacks: {PARAMETER: TYPE}}}, or "
                 "types: if a struct holds it",
                 entry->library->table->soname,
                 entry->library->functions[entry->index].name);
    } else {
        snprintf(text, size,
                 "functions: {FUNCTION: {callbacks: {PARAMETER: TYPE}}}");
    }
}

static void row_fill(struct row *row, const struct thunk_crossing *crossing,
                     bool is_to_host)
{
    row->is_to_host = is_to_host;
    row->faults = __atomic_load_n(&crossing->faults, __ATOMIC_RELAXED);
    if (is_to_host) {
        host_name(row->name, sizeof(row->name), crossing->target.target);
    } else {
        guest_name(row->name, sizeof(row->name), crossing);
    }
    spec_advise(row->spec, sizeof(row->spec), crossing, is_to_host);
    /* File names may hold anything. */
    for (char *at = row->name; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\' || !isprint((unsigned char)*at)) {
            *at = '?';
        }
    }
}

struct rows {
    struct row *rows;
    size_t count;
};

/* Adds those of a table that were reached so; without `rows`, only counts. */
static size_t table_collect(const struct thunk_crossings *crossings,
                            bool is_to_host, struct row *rows, size_t limit)
{
    const struct thunk_crossing_table *table =
        __atomic_load_n(&crossings->table, __ATOMIC_ACQUIRE);
    size_t count = 0;

    for (size_t slot = 0; table != NULL && slot < table->size; slot++) {
        const struct thunk_crossing *crossing =
            __atomic_load_n(&table->slots[slot], __ATOMIC_ACQUIRE);

        if (crossing == NULL ||
            __atomic_load_n(&crossing->faults, __ATOMIC_RELAXED) == 0) {
            continue;
        }
        if (rows != NULL && count < limit) {
            row_fill(&rows[count], crossing, is_to_host);
        }
        count++;
    }
    return count;
}

static int row_compare(const void *left, const void *right)
{
    const struct row *a = left, *b = right;

    if (a->faults != b->faults) {
        return a->faults < b->faults ? 1 : -1;
    }
    return strcmp(a->name, b->name);
}

/* Those with most faults first. Other threads may add more meanwhile. */
static struct rows rows_collect(void)
{
    const struct thunk_crossings *guest = thunk_host_trampolines();
    const struct thunk_crossings *host = thunk_host_stubs();
    size_t guests = table_collect(guest, false, NULL, 0);
    size_t hosts = table_collect(host, true, NULL, 0);
    struct rows rows = {calloc(guests + hosts + 1, sizeof(*rows.rows)), 0};

    if (rows.rows != NULL) {
        (void)table_collect(guest, false, rows.rows, guests);
        (void)table_collect(host, true, rows.rows + guests, hosts);
        rows.count = guests + hosts;
        qsort(rows.rows, rows.count, sizeof(*rows.rows), row_compare);
    }
    return rows;
}

static const char *row_side(const struct row *row)
{
    return row->is_to_host ? "host" : "guest";
}

void thunk_pointers_report_text(FILE *stream)
{
    struct rows rows = rows_collect();
    bool is_untyped = false;

    if (rows.count > 0) {
        fprintf(stream, "%-40s %-6s %10s  %s\n", "function, reached by faults",
                "of the", "faults", "in the spec");
    }
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *row = &rows.rows[i];

        fprintf(stream, "%-40s %-6s %10" PRIu64 "  %s\n", row->name,
                row_side(row), row->faults,
                row->spec[0] == '\0' ? "-" : row->spec);
        is_untyped |= row->spec[0] != '\0';
    }
    if (is_untyped) {
        fprintf(stream, "what crosses without a type: %s\n",
                thunk_host_net_carries());
    }
    free(rows.rows);
}

void thunk_pointers_report_json(FILE *stream)
{
    struct rows rows = rows_collect();

    fputs(",\n\"pointers\": [", stream);
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *row = &rows.rows[i];
        const char *quote = row->spec[0] == '\0' ? "" : "\"";

        fprintf(stream,
                "%s\n  {\"name\": \"%s\", \"of\": \"%s\", "
                "\"faults\": %" PRIu64 ", \"spec\": %s%s%s}",
                i == 0 ? "" : ",", row->name, row_side(row), row->faults, quote,
                row->spec[0] == '\0' ? "null" : row->spec, quote);
    }
    fprintf(stream, "],\n\"without_type\": \"%s\"", thunk_host_net_carries());
    free(rows.rows);
}

static void table_clear(const struct thunk_crossings *crossings)
{
    const struct thunk_crossing_table *table =
        __atomic_load_n(&crossings->table, __ATOMIC_ACQUIRE);

    for (size_t slot = 0; table != NULL && slot < table->size; slot++) {
        if (table->slots[slot] != NULL) {
            __atomic_store_n(&table->slots[slot]->faults, 0, __ATOMIC_RELAXED);
        }
    }
}

void thunk_pointers_clear(void)
{
    table_clear(thunk_host_trampolines());
    table_clear(thunk_host_stubs());
}
