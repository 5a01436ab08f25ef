/* SPDX-License-Identifier: MIT
 *
 * Ties a GTL to its HTL at the library's first call, and each function at its
 * own. There is no lock: several threads may do the same work at once, all come
 * to the same outcome, and the first to publish it tells it. So a first call
 * from a signal handler, a constructor or a forked child cannot hang.
 */
#include <dlfcn.h>
#include <float.h>
#include <limits.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <thunk/guest.h>
#include <thunk_arch_net.h>
#include <unistd.h>

#include "guest.h"

enum library_state { UNKNOWN, ATTACHED, UNAVAILABLE };

enum {
    /* dlopen flags as Linux has them on every host of ours */
    HOST_RTLD_NOW = 2,
};

/* Without snprintf(), which takes a lot of the stack. */
static bool path_join(char *path, size_t size, const char *folder,
                      size_t length, const char *between, const char *name)
{
    if (length + strlen(between) + strlen(name) >= size) {
        return false;
    }
    memcpy(path, folder, length);
    strcpy(path + length, between);
    strcat(path + length, name);
    return true;
}

/* Where the HTL is: in $THUNK_HOST_DIR, else in ../../host/ as seen from the
 * folder of the GTL, which is how build and install folders are laid out. The
 * plugin knows the GTL's file where it has given it to the dynamic linker,
 * under another path. */
static bool host_path_find(const struct thunk_library *library, char *path,
                           size_t size)
{
    const char *folder = getenv("THUNK_HOST_DIR");
    const char *thunk = thunk_guest_given_path(library);
    Dl_info info = {.dli_fname = thunk};
    const char *slash;

    if (folder != NULL && folder[0] != '\0') {
        return path_join(path, size, folder, strlen(folder), "/",
                         library->host_name);
    }
    if (thunk == NULL &&
        (dladdr(library, &info) == 0 || info.dli_fname == NULL)) {
        return false;
    }
    slash = strrchr(info.dli_fname, '/');
    return slash == NULL ? path_join(path, size, ".", 1, "/../../host/",
                                     library->host_name)
                         : path_join(path, size, info.dli_fname,
                                     (size_t)(slash - info.dli_fname),
                                     "/../../host/", library->host_name);
}

/* Why the last request gave NULL. */
static const char *host_error(void)
{
    volatile uint64_t text = THUNK_UNANSWERED;

    (void)thunk_syscall(THUNK_SYSCALL, THUNK_GET_LIBRARY_ERROR,
                        (uintptr_t)&text, 0, 0);
    return text == THUNK_UNANSWERED || text == 0
               ? "no reason given"
               : (const char *)(uintptr_t)text;
}

static bool plugin_is_present(void)
{
    volatile uint64_t emulator = THUNK_UNANSWERED;

    (void)thunk_syscall(THUNK_SYSCALL, THUNK_GET_HOST_ATTRIBUTE,
                        (uintptr_t)THUNK_ATTRIBUTE_EMULATOR,
                        (uintptr_t)&emulator, 0);
    return emulator != THUNK_UNANSWERED && emulator != 0;
}

/* Why there is no host half, and what to do about it: told only by the thread
 * that is the first to find it out. */
struct reason {
    char text[PATH_MAX + 256];
    char path[PATH_MAX]; /* of the HTL */
};

__attribute__((format(printf, 2, 3))) static void
reason_set(struct reason *reason, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(reason->text, sizeof(reason->text), format, arguments);
    va_end(arguments);
}

static bool table_fits(const struct thunk_library *library,
                       const struct thunk_table *table, const char *path,
                       struct reason *reason)
{
    /* What follows the version is only known where the version is ours. */
    if (table->abi != THUNK_ABI) {
        reason_set(reason,
                   "%s is for version %u of the runtime, the guest thunk for "
                   "version %u: generate and build both anew",
                   path, table->abi, THUNK_ABI);
        return false;
    }
    if (table->hash != library->hash || table->count != library->count) {
        reason_set(reason,
                   "%s is of another generation than the guest thunk (hash "
                   "%016llx, the guest's is %016llx): generate and build both "
                   "anew",
                   path, (unsigned long long)table->hash,
                   (unsigned long long)library->hash);
        return false;
    }
    return true;
}

/* The table of the HTL, or NULL for a reason. */
static const struct thunk_table *table_load(const struct thunk_library *library,
                                            struct reason *reason)
{
    volatile uint64_t handle = THUNK_UNANSWERED;
    volatile uint64_t address = THUNK_UNANSWERED;
    const struct thunk_table *table;
    char *path = reason->path;

    if (!host_path_find(library, path, sizeof(reason->path))) {
        reason_set(reason, "cannot tell the folder of %s: set THUNK_HOST_DIR",
                   library->host_name);
        return NULL;
    }
    (void)thunk_syscall(THUNK_SYSCALL, THUNK_LOAD_LIBRARY, (uintptr_t)path,
                        HOST_RTLD_NOW, (uintptr_t)&handle);
    if (handle == THUNK_UNANSWERED || handle == 0) {
        reason_set(reason,
                   "no host thunk library: %s (build it with "
                   "thunkgen_add_library, or set THUNK_HOST_DIR to its folder)",
                   host_error());
        return NULL;
    }
    (void)thunk_syscall(THUNK_SYSCALL, THUNK_GET_PROC_ADDRESS, handle,
                        (uintptr_t)THUNK_TABLE_SYMBOL, (uintptr_t)&address);
    if (address == THUNK_UNANSWERED || address == 0) {
        reason_set(reason,
                   "%s is no host thunk library: %s (build it with "
                   "thunkgen_add_library, or set THUNK_HOST_DIR to its folder)",
                   path, host_error());
        return NULL;
    }
    table = (const struct thunk_table *)(uintptr_t)address;
    if (!table_fits(library, table, path, reason)) {
        return NULL;
    }
    thunk_log(THUNK_LOG_DEBUG, "%s: loaded %s on the host", library->soname,
              path);
    return table;
}

static bool state_publish(struct thunk_library *library, uint32_t state)
{
    uint32_t expected = UNKNOWN;

    return __atomic_compare_exchange_n(&library->state, &expected, state, false,
                                       __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

/* The libraries whose `start` this thread runs, the last first. To it they are
 * attached, so that `start` may call them; to others they are not yet. */
struct starting {
    const struct thunk_library *library;
    const struct starting *outer;
};
static __thread const struct starting *starting
    __attribute__((tls_model("initial-exec")));

static bool library_is_starting(const struct thunk_library *library)
{
    const struct starting *at = starting;

    while (at != NULL && at->library != library) {
        at = at->outer;
    }
    return at != NULL;
}

static void start_call(const struct thunk_library *library)
{
    const struct starting here = {library, starting};

    if (library->start != NULL) {
        starting = &here;
        library->start();
        starting = here.outer;
    }
}

void thunk_guest_library_start(struct thunk_library *library,
                               const struct thunk_attachment *attachment)
{
    __atomic_store_n(&library->service, attachment->service, __ATOMIC_RELAXED);
    for (int way = 0; way < THUNK_WAY_COUNT; way++) {
        __atomic_store_n(&library->enter_kept[way], attachment->enter[way],
                         __ATOMIC_RELAXED);
        __atomic_store_n(&library->enter[way], attachment->enter[way],
                         __ATOMIC_RELEASE);
    }
    __atomic_store_n(&library->resume, attachment->resume, __ATOMIC_RELEASE);
}

/* If the program's heap is the host's, too, that is so from its first block
 * on, and before a library of the host's has one. */
static void heap_settle(void)
{
    void *volatile block = malloc(1);

    free(block);
}

/* The host's library opened and its way in known; or a reason. */
static bool table_attach(struct thunk_library *library, struct reason *reason)
{
    struct thunk_attachment attachment = {
        .runners = library->runners,
        .stubs = library->stubs,
        .procedures = library->procedures,
        .exports = thunk_guest_exports(library),
        .make_stub = thunk_guest_stub_make,
        .heap = thunk_guest_heap,
        .file = thunk_guest_file,
        .at_exit = thunk_guest_at_exit,
        .on_exit = thunk_guest_on_exit,
        .quick_exit_add = thunk_guest_quick_exit_add,
        .program = thunk_guest_program,
        .net_run = thunk_guest_net_run,
        .machine = THUNK_ARCH_MACHINE,
        .guest_enter = library->enter,
        .long_double_digits = LDBL_MANT_DIG,
        .data = library->data,
        .data_count = library->data_count,
        .streams = {stdin, stdout, stderr},
        .variables =
            {
                [THUNK_VARIABLE_ENVIRONMENT] = &environ,
                [THUNK_VARIABLE_NAME] = &program_invocation_name,
                [THUNK_VARIABLE_SHORT_NAME] = &program_invocation_short_name,
                [THUNK_VARIABLE_ARGUMENT] = &optarg,
                [THUNK_VARIABLE_NEXT] = &optind,
                [THUNK_VARIABLE_ERRORS] = &opterr,
                [THUNK_VARIABLE_OPTION] = &optopt,
            },
    };
    const struct thunk_table *table;
    const char *characters = setlocale(LC_CTYPE, NULL);

    heap_settle();
    table = table_load(library, reason);
    if (table == NULL) {
        return false;
    }
    if (strlen(characters) < sizeof(attachment.characters)) {
        memcpy(attachment.characters, characters, strlen(characters) + 1);
    }
    thunk_syscall(THUNK_SYSCALL, THUNK_INVOKE_PROC, (uintptr_t)table->attach,
                  (uintptr_t)&attachment, (uintptr_t)table->library);
    if (attachment.service == NULL && attachment.error != NULL) {
        reason_set(reason, "the host's library is that of another namespace "
                           "(dlmopen) of the program, and there is but one");
        return false;
    }
    if (attachment.error != NULL || attachment.resume == NULL) {
        reason_set(reason, "no such library on the host: %s (install it there)",
                   attachment.error == NULL ? "no reason given"
                                            : attachment.error);
        return false;
    }
    __atomic_store_n(&library->table, table, __ATOMIC_RELEASE);
    thunk_guest_library_start(library, &attachment);
    if (library->is_fast) {
        thunk_guest_door_open(library);
    }
    thunk_guest_net_start(&attachment);
    thunk_guest_stream_start(&attachment);
    thunk_guest_process_start(&attachment);
    if (library->has_threads) {
        thunk_guest_service_start(attachment.service);
    }
    thunk_guest_process_attached();
    thunk_guest_data_begin(library, true);
    start_call(library);
    return true;
}

static void library_attach_with(struct thunk_library *library,
                                struct reason *reason)
{
    const bool has_plugin = plugin_is_present();

    if (has_plugin && table_attach(library, reason)) {
        if (state_publish(library, ATTACHED)) {
            thunk_log(THUNK_LOG_INFO, "%s: host library attached",
                      library->soname);
        }
        return;
    }
    thunk_guest_data_begin(library, false);
    if (!state_publish(library, UNAVAILABLE)) {
        return;
    }
    if (has_plugin) {
        thunk_log(THUNK_LOG_ERROR, "%s: %s", library->soname, reason->text);
        thunk_log(THUNK_LOG_ERROR, "%s: calls go to the guest's own, %s",
                  library->soname, thunk_guest_real_path(library));
    } else {
        thunk_log(THUNK_LOG_INFO,
                  "%s: no dlcall plugin behind this process: calls go to %s",
                  library->soname, thunk_guest_real_path(library));
    }
}

/* The first call may come on a signal's stack, or a task's: there is no room
 * for paths. */
static void library_attach(struct thunk_library *library)
{
    static struct reason only; /* where there is no memory at all */
    struct reason *reason = mmap(NULL, sizeof(*reason), PROT_READ | PROT_WRITE,
                                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (reason == MAP_FAILED) {
        library_attach_with(library, &only);
    } else {
        library_attach_with(library, reason);
        (void)munmap(reason, sizeof(*reason));
    }
}

bool thunk_guest_attach(struct thunk_library *library)
{
    if (__atomic_load_n(&library->state, __ATOMIC_ACQUIRE) == UNKNOWN) {
        if (library_is_starting(library)) {
            return true;
        }
        library_attach(library);
    }
    return __atomic_load_n(&library->state, __ATOMIC_ACQUIRE) == ATTACHED;
}

static void *entry_resolve(struct thunk_library *library, uint32_t index)
{
    struct thunk_resolution resolution = {.index = index};
    const struct thunk_table *table;

    if (!thunk_guest_attach(library)) {
        return NULL;
    }
    table = __atomic_load_n(&library->table, __ATOMIC_RELAXED);
    thunk_syscall(THUNK_SYSCALL, THUNK_INVOKE_PROC, (uintptr_t)table->resolve,
                  (uintptr_t)&resolution, (uintptr_t)table->library);
    if (resolution.entry == NULL) {
        thunk_log(THUNK_LOG_ERROR, "%s: %s: %s: the guest's own is used",
                  library->soname, library->symbols[index].name,
                  resolution.error == NULL ? "not on the host"
                                           : resolution.error);
    } else {
        thunk_log(THUNK_LOG_DEBUG, "%s: %s: goes to the host", library->soname,
                  library->symbols[index].name);
        __atomic_store_n(&library->entries[index], resolution.entry,
                         __ATOMIC_RELEASE);
    }
    return resolution.entry;
}

void *thunk_guest_resolve(struct thunk_library *library, uint32_t index)
{
    int saved = errno;
    void *entry;

    thunk_guest_search_begin();
    entry = entry_resolve(library, index);
    thunk_guest_search_end();
    errno = saved;
    return entry;
}
