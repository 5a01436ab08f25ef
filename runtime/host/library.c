/* SPDX-License-Identifier: MIT
 *
 * The real library of the host behind an HTL.
 *
 * The library is opened with RTLD_LOCAL and RTLD_DEEPBIND: QEMU exports
 * thousands of symbols of its own and brings a dozen libraries into the global
 * scope, and none of them may get between a host library and its own functions.
 */
#include <dlfcn.h>
#include <locale.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "../common/dynamic.h"
#include "convert.h"
#include "file.h"
#include "heap.h"
#include "host.h"
#include "net.h"
#include "observe.h"
#include "probe.h"
#include "process.h"
#include "program.h"
#include "stream.h"

bool thunk_host_stack_run(thunk_entry *code, struct thunk_frame *head)
{
    struct thunk_host_entry entry = {.code = code};

    entry.check = thunk_host_check(&entry);
    thunk_host_enter(&entry, head);
    return head->state == THUNK_DONE;
}

/* dlopen() runs constructors. */
struct attach_frame {
    struct thunk_frame head;
    struct thunk_host_library *library;
    const struct thunk_attachment *attachment;
    const char *error;
};

static void attach_entry(struct thunk_frame *head, thunk_function real)
{
    struct attach_frame *frame = (struct attach_frame *)(void *)head;
    struct thunk_host_library *library = frame->library;
    void *handle = library->open(library->table->soname,
                                 RTLD_LAZY | RTLD_LOCAL | RTLD_DEEPBIND);

    (void)real;
    if (handle == NULL) {
        frame->error = dlerror();
        return;
    }
    /* Threads that come here together have the same to say. Only the first
     * writes: the others may be reading by then. */
    thunk_host_lock();
    if (library->handle == NULL) {
        library->handle = handle;
        thunk_host_files_settle_library(library);
    }
    thunk_host_unlock();
    thunk_host_objects_settle(handle, frame->attachment);
}

/* The library's own, as the host's dynamic linker opens it. */
static void library_open(struct thunk_host_library *library,
                         struct thunk_attachment *attachment)
{
    struct attach_frame frame = {
        .library = library,
        .attachment = attachment,
    };

    attachment->error = thunk_host_stack_run(attach_entry, &frame.head)
                            ? frame.error
                            : "the call was refused";
}

/* What resolving gives out. False: no memory. */
static bool entries_make(struct thunk_host_library *library)
{
    thunk_host_lock();
    if (library->entries == NULL) {
        library->entries =
            calloc(library->entry_count, sizeof(*library->entries));
    }
    thunk_host_unlock();
    return library->entries != NULL;
}

/* Where the kernel does not let us look first, memory is taken to be there. */
static bool memory_take(void *copy, const void *from, size_t size)
{
    enum thunk_probe probe = thunk_host_probe(copy, from, size);

    if (probe == THUNK_PROBE_REFUSED) {
        memcpy(copy, from, size);
    }
    return probe != THUNK_PROBE_ABSENT;
}

/* What the guest hands over may be anything, and this runs where no fault is
 * caught: both are only touched once they are known to be there. */
static bool arguments_take(void *copy, const void *argument, size_t size,
                           const struct thunk_host_library *library)
{
    struct thunk_host_library probe;
    struct thunk_table table;

    if (memory_take(&probe, library, sizeof(probe)) &&
        memory_take(&table, probe.table, sizeof(table)) &&
        table.library == library && memory_take(copy, argument, size)) {
        return true;
    }
    thunk_log(THUNK_LOG_ERROR,
              "refused: a request about %p, which is no thunk library, or with "
              "%p, which cannot be read",
              (const void *)library, argument);
    return false;
}

/* The host's libc has a locale of its own, and it is C, as QEMU never says
 * otherwise. Of the program's it gets what tells characters: what libraries
 * convert texts by. Numbers and messages are QEMU's, too. */
static void characters_set(struct thunk_attachment *attachment)
{
    char *name = attachment->characters;

    name[sizeof(attachment->characters) - 1] = '\0';
    if (name[0] != '\0' && strcmp(name, "C") != 0 &&
        setlocale(LC_CTYPE, name) == NULL) {
        thunk_log(THUNK_LOG_INFO, "no locale %s on the host", name);
    }
}

void thunk_host_attach(void *attachment_, void *library_)
{
    static pthread_once_t handler_once = PTHREAD_ONCE_INIT;
    struct thunk_attachment attachment;
    struct thunk_host_library *library = library_;
    bool is_observed = thunk_observe_is_wanted();

    pthread_once(&handler_once, thunk_host_fault_handler_install);
    if (!arguments_take(&attachment, attachment_, sizeof(attachment),
                        library)) {
        return;
    }
    attachment.service = thunk_host_service(library, attachment.guest_enter);
    if (attachment.service == NULL) {
        attachment.error = "it is another namespace's";
        (void)thunk_host_give(attachment_, &attachment, sizeof(attachment));
        return;
    }
    thunk_host_lock();
    if (library->runners == NULL) {
        library->runners = attachment.runners;
        library->stubs = attachment.stubs;
        library->procedures = attachment.procedures;
        library->exports = attachment.exports;
        thunk_host_stub_start(attachment.make_stub);
        thunk_host_heap_start(attachment.heap);
        thunk_host_numbers_start(attachment.long_double_digits);
        thunk_host_convert_start(attachment.machine);
        thunk_host_files_start(attachment.streams, attachment.file);
    }
    thunk_host_unlock();
    characters_set(&attachment);
    library_open(library, &attachment);
    if (!entries_make(library) ||
        (is_observed && !thunk_observe_library(library))) {
        attachment.error = "no memory";
    }
    if (attachment.error == NULL) {
        thunk_host_lock();
        if (!thunk_host_data_start(library, attachment.data,
                                   attachment.data_count)) {
            attachment.error = "no memory";
        }
        thunk_host_unlock();
        thunk_host_data_first(library, attachment.data, attachment.data_count);
    }
    attachment.enter[THUNK_SYSCALL_DOOR] =
        is_observed ? thunk_host_enter_observed_syscall : thunk_host_enter;
    attachment.enter[THUNK_FAST] =
        is_observed ? thunk_host_enter_observed_fast : thunk_host_enter;
    attachment.enter[THUNK_LEAF] =
        is_observed ? thunk_host_enter_observed_leaf : thunk_host_enter_leaf;
    attachment.resume =
        is_observed ? thunk_host_resume_observed : thunk_host_resume;
    thunk_host_net_start(&attachment);
    thunk_host_streams_start(&attachment);
    thunk_host_program_start(&attachment);
    (void)thunk_host_give(attachment_, &attachment, sizeof(attachment));
}

void thunk_host_entry_set(struct thunk_host_entry *entry,
                          struct thunk_host_library *library, uint32_t index,
                          thunk_function real)
{
    const struct thunk_host_function *function = &library->functions[index];

    *entry = (struct thunk_host_entry){
        .check = thunk_host_check(entry),
        .code = function->entry,
        .real = real,
        .library = library,
        .index = index,
        .is_traced = thunk_observe_is_traced(function->name),
    };
}

/* The same for every thread that asks. */
static struct thunk_host_entry *entry_make(struct thunk_host_library *library,
                                           uint32_t index,
                                           thunk_function symbol)
{
    struct thunk_host_entry *entry = &library->entries[index];

    thunk_host_lock();
    if (entry->code == NULL) {
        thunk_host_entry_set(entry, library, index, symbol);
    }
    thunk_host_unlock();
    return entry;
}

/* Its symbol in the real library. NULL: it has none, and `error` says why. */
static thunk_function symbol_find(const struct thunk_host_library *library,
                                  uint32_t index, const char **error)
{
    const struct thunk_host_function *function = &library->functions[index];
    void *symbol = thunk_dynamic_symbol(library->handle, function->name,
                                        function->version);

    if (symbol == NULL) {
        *error = dlerror();
    }
    return (thunk_function)(uintptr_t)symbol;
}

thunk_function thunk_host_symbol(const struct thunk_host_library *library,
                                 uint32_t index)
{
    const char *error;

    return symbol_find(library, index, &error);
}

thunk_function
thunk_host_exported_find(const struct thunk_host_library *library,
                         thunk_function guest)
{
    for (uint32_t i = 0; library->exports != NULL && i < library->symbol_count;
         i++) {
        if (guest != NULL && library->exports[i] == guest) {
            return thunk_host_symbol(library, i);
        }
    }
    return NULL;
}

/* Any symbol of the library, whose names are the guest's memory and so may be
 * none. */
struct symbol_frame {
    struct thunk_frame head;
    const struct thunk_host_library *library;
    struct thunk_resolution *resolution;
};

static void symbol_entry(struct thunk_frame *head, thunk_function real)
{
    const struct symbol_frame *frame = (struct symbol_frame *)(void *)head;
    struct thunk_resolution *resolution = frame->resolution;

    (void)real;
    resolution->entry = thunk_dynamic_symbol(
        frame->library->handle, resolution->name, resolution->version);
    if (resolution->entry == NULL) {
        resolution->error = dlerror();
    }
}

static void name_resolve(const struct thunk_host_library *library,
                         struct thunk_resolution *resolution)
{
    struct symbol_frame frame = {.library = library, .resolution = resolution};

    if (!thunk_host_stack_run(symbol_entry, &frame.head)) {
        resolution->entry = NULL;
        resolution->error = "the call was refused";
    }
}

static void resolve(struct thunk_host_library *library,
                    struct thunk_resolution *resolution)
{
    uint32_t index = (uint32_t)resolution->index;
    thunk_function symbol = NULL;
    bool is_stub;

    if (resolution->index == THUNK_RESOLVE_NAME && library->handle != NULL) {
        name_resolve(library, resolution);
        return;
    }
    if (library->entries == NULL || resolution->index >= library->entry_count) {
        resolution->error = "no such function in the table";
        return;
    }
    is_stub = index >= library->symbol_count;
    if (!is_stub) {
        symbol = symbol_find(library, index, &resolution->error);
    }
    if (is_stub || symbol != NULL) {
        resolution->entry = entry_make(library, index, symbol);
    }
}

void thunk_host_resolve(void *resolution_, void *library)
{
    struct thunk_resolution resolution;

    if (arguments_take(&resolution, resolution_, sizeof(resolution), library)) {
        resolve(library, &resolution);
        (void)thunk_host_give(resolution_, &resolution, sizeof(resolution));
    }
}
