/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * QEMU tells of an execve() before it does it, so it can be done here, with
 * thunk-run in front. Where that is not possible QEMU goes on with it. So all
 * errors are the kernel's, and this may only go ahead where there is none.
 *
 * No signal may be lost between. QEMU's handlers only note a signal for later,
 * and later is another program. So all are blocked while files are looked at;
 * then what is handled gets its default action, which it has in the new program
 * anyway, and what waits is let in before execve().
 */
#define _GNU_SOURCE
#include "exec.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../runtime/common/log.h"
#include "exec_file.h"
#include "words.h"

enum {
    /* glibc's own, which its sigprocmask() never blocks; QEMU's handlers do, by
     * the mask that the kernel gives back. So if it is blocked, a signal has
     * been noted that QEMU has to see to first. */
    SIGNAL_MARK = 32,
    SIGNALS = 64,

    /* Linux's limits (fs/exec.c, bprm_stack_limits). */
    ARGUMENTS_LEAST = 131072,
    ARGUMENTS_MOST = 6 * 1024 * 1024,
    ARGUMENTS_OWN = 16384, /* what QEMU and thunk-run get besides */

    TOLD_COUNT = 64,
};

typedef uint64_t signal_mask;

static const char *const isa_names[] = {"x86_64", "aarch64", "riscv64"};
static const unsigned isa_machines[] = {EM_X86_64, EM_AARCH64, EM_RISCV};

static struct exec_world world;
static struct pool options; /* is never freed */
static struct words command;
static int64_t execve_number = -1, execveat_number;
static void (*leaving)(void);

/* Programs that have been told of, by a hash of device and file. Forked
 * children share it. */
static _Atomic uint64_t *told;

/* A descriptor that QEMU has needed to load the program. */
static atomic_int closing = -1;

/* ---- options ---- */

static const char *option_value(const char *option, const char *key)
{
    const size_t length = strlen(key);

    return strncmp(option, key, length) == 0
               ? pool_text(&options, "%s", option + length)
               : NULL;
}

bool exec_option(const char *option)
{
    const char *value;

    if ((value = option_value(option, "exec=")) != NULL) {
        words_append(&options, &command, value);
    } else if ((value = option_value(option, "program=")) != NULL) {
        world.program = value;
    } else if ((value = option_value(option, "root=")) != NULL) {
        world.root = value;
    } else if ((value = option_value(option, "close=")) != NULL) {
        atomic_store(&closing, atoi(value));
    } else {
        return false;
    }
    return true;
}

/* ---- signals ---- */

static signal_mask mask_change(int how, signal_mask mask)
{
    signal_mask before = 0;

    syscall(SYS_rt_sigprocmask, how, &mask, &before, sizeof mask);
    return before;
}

static signal_mask signal_bit(int signal)
{
    return (signal_mask)1 << (signal - 1);
}

/* Those that QEMU's other threads may need at any moment, and glibc's. */
static bool signal_is_handled_by_qemu(int signal)
{
    switch (signal) {
    case SIGSEGV:
    case SIGBUS:
    case SIGILL:
    case SIGFPE:
    case SIGTRAP:
        return true;
    default:
        return false;
    }
}

/* Puts default actions in place of handlers; a second call puts these back. */
static void actions_exchange(struct sigaction actions[SIGNALS + 1],
                             bool is_back)
{
    for (int signal = 1; signal <= SIGNALS; signal++) {
        struct sigaction *action = &actions[signal];
        const struct sigaction none = {.sa_handler = SIG_DFL};

        if (is_back) {
            if (action->sa_handler != SIG_DFL) {
                sigaction(signal, action, NULL);
            }
            continue;
        }
        if (signal_is_handled_by_qemu(signal) ||
            sigaction(signal, NULL, action) != 0 ||
            action->sa_handler == SIG_IGN) {
            action->sa_handler = SIG_DFL;
        }
        if (action->sa_handler != SIG_DFL) {
            sigaction(signal, &none, NULL);
        }
    }
}

/* ---- what is said ---- */

static bool is_new(const struct exec_file *file)
{
    const uint64_t mark =
        ((uint64_t)file->device << 40 ^ (uint64_t)file->file) | 1;

    for (size_t i = 0; told != NULL && i < TOLD_COUNT; i++) {
        uint64_t none = 0;

        if (atomic_compare_exchange_strong(&told[i], &none, mark)) {
            return true;
        }
        if (none == mark) {
            return false;
        }
    }
    return true;
}

static void file_tell(const struct exec_file *file)
{
    if (is_new(file)) {
        thunk_log(THUNK_LOG_ERROR, "%s is left to Linux, without thunks: %s",
                  file->program != NULL ? file->program : file->path,
                  file->reason);
    }
}

/* ---- what a program gets ---- */

/* thunk-run's command line. What acts on a dynamic linker goes there: in the
 * environment it would act on thunk-run's and QEMU's as well. QEMU's options
 * take no comma. */
static struct words command_make(const struct exec_file *file,
                                 struct words *environment, struct pool *pool)
{
    struct words words = {0}, rest = {0};

    for (size_t i = 0; i < command.count; i++) {
        words_append(pool, &words, command.items[i]);
    }
    words_append(pool, &words, pool_text(pool, "--exec=%s", file->program));
    if (file->descriptor >= 0) {
        words_append(pool, &words,
                     pool_text(pool, "--close=%d", file->descriptor));
    }
    for (size_t i = 0; i < environment->count; i++) {
        const char *variable = environment->items[i];

        if (strncmp(variable, "LD_", 3) == 0 && strchr(variable, '=') != NULL &&
            strchr(variable, ',') == NULL) {
            words_append(pool, &words, "-E");
            words_append(pool, &words, variable);
        } else {
            words_append(pool, &rest, variable);
        }
    }
    words_append(pool, &words, "--");
    for (size_t i = 0; i < file->arguments.count; i++) {
        words_append(pool, &words, file->arguments.items[i]);
    }
    if (file->arguments.count == 0) { /* as Linux has it since 5.18 */
        words_append(pool, &words, "");
    }
    words_end(pool, &rest);
    *environment = rest;
    return words;
}

/* So much Linux takes of arguments and environment. */
static size_t arguments_limit(void)
{
    struct rlimit stack;
    size_t limit = ARGUMENTS_MOST;

    if (getrlimit(RLIMIT_STACK, &stack) == 0 && stack.rlim_cur / 4 < limit) {
        limit = stack.rlim_cur / 4;
    }
    return limit < ARGUMENTS_LEAST ? ARGUMENTS_LEAST : limit;
}

/* ---- execve ---- */

/* A system call as the guest makes it. */
struct call {
    bool is_at;
    int folder;
    uint64_t path, arguments, environment;
    int flags;
};

/* Becomes a thunk-run. Comes back only if it fails. */
static void replace(const struct words *arguments,
                    const struct words *environment, signal_mask mask)
{
    struct sigaction actions[SIGNALS + 1];
    int error;

    leaving();
    actions_exchange(actions, false);
    mask_change(SIG_SETMASK, mask);
    syscall(SYS_execve, arguments->items[0], arguments->items,
            environment->items);
    error = errno;
    mask_change(SIG_BLOCK, ~(signal_mask)0);
    actions_exchange(actions, true);
    errno = error;
}

static void guest_run(struct exec_file *file, struct words *environment,
                      signal_mask mask, struct pool *pool)
{
    const struct words words = command_make(file, environment, pool);

    if (pool->is_exhausted) {
        errno = ENOMEM;
    } else if (words_size(&words) + words_size(environment) + ARGUMENTS_OWN >
               arguments_limit()) {
        errno = E2BIG;
    } else {
        replace(&words, environment, mask);
    }
    if (file->descriptor >= 0) {
        close(file->descriptor);
    }
    file->reason = pool_text(pool, "%s: %s", command.items[0], strerror(errno));
    file_tell(file);
}

static void call_follow(const struct call *call, uint64_t base,
                        signal_mask mask, struct pool *pool)
{
    const size_t limit = arguments_limit();
    struct words environment = {0}, arguments = {0};
    struct exec_file file = {.folder = call->is_at ? call->folder : AT_FDCWD,
                             .flags = call->flags,
                             .path = pool_guest_text(pool, call->path + base)};
    enum exec_way way;

    if (file.path == NULL || strlen(file.path) >= PATH_MAX ||
        !words_read(pool, &arguments, call->arguments, base, limit) ||
        !words_read(pool, &environment, call->environment, base, limit) ||
        words_size(&arguments) + words_size(&environment) + strlen(file.path) +
                1 >
            limit) {
        return;
    }
    for (size_t i = 0; i < arguments.count; i++) {
        words_append(pool, &file.arguments, arguments.items[i]);
    }
    way = exec_file_find(&file, &world, pool);
    if (pool->is_exhausted) {
        return;
    }
    if (way == EXEC_GUEST && command.count > 0) {
        guest_run(&file, &environment, mask, pool);
        return;
    }
    if (way == EXEC_GUEST) {
        file.reason = "as --children=native wants it";
    } else if (way == EXEC_ALONE && command.count > 0) {
        file_tell(&file);
    }
    if (way != EXEC_REFUSED) {
        thunk_log(THUNK_LOG_INFO, "%s runs natively: %s", file.path,
                  file.reason);
        leaving();
    }
}

static void closing_close(void)
{
    const int descriptor = atomic_exchange(&closing, -1);

    if (descriptor >= 0) {
        close(descriptor);
    }
}

static void call_see(const struct call *call, uint64_t base)
{
    struct pool pool = {0};
    const int saved = errno;
    const signal_mask mask =
        mask_change(SIG_BLOCK, ~(signal_bit(SIGSEGV) | signal_bit(SIGBUS)));

    if ((mask & signal_bit(SIGNAL_MARK)) == 0) {
        call_follow(call, base, mask, &pool);
        pool_free(&pool);
    }
    mask_change(SIG_SETMASK, mask);
    errno = saved;
}

/* Of every system call: those that are none have to be quick. */
void exec_see(int64_t number, const uint64_t arguments[6], uint64_t base)
{
    const bool is_at = number == execveat_number;

    if (atomic_load_explicit(&closing, memory_order_relaxed) >= 0) {
        closing_close();
    }
    if (execve_number >= 0 && (number == execve_number || is_at) &&
        world.program != NULL) {
        const struct call call = {
            .is_at = is_at,
            .folder = (int)arguments[0],
            .path = arguments[is_at],
            .arguments = arguments[1 + is_at],
            .environment = arguments[2 + is_at],
            .flags = is_at ? (int)arguments[4] : 0,
        };

        call_see(&call, base);
    }
}

/* ---- installation ---- */

static void own_file_set(size_t index, const char *path)
{
    struct stat status;

    if (path != NULL && stat(path, &status) == 0) {
        world.own_device[index] = status.st_dev;
        world.own_file[index] = status.st_ino;
    }
}

void exec_install(const char *target, void (*leave)(void))
{
    const bool is_x86_64 = strcmp(target, "x86_64") == 0;
    void *shared = mmap(NULL, TOLD_COUNT * sizeof *told, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    for (size_t i = 0; i < sizeof isa_names / sizeof *isa_names; i++) {
        if (strcmp(target, isa_names[i]) == 0) {
            world.machine = isa_machines[i];
            execve_number = is_x86_64 ? 59 : 221;
            execveat_number = is_x86_64 ? 322 : 281;
        }
    }
    leaving = leave;
    told = shared == MAP_FAILED ? NULL : shared;
    own_file_set(0, "/proc/self/exe");
    own_file_set(1, command.count > 0 ? command.items[0] : NULL);
    /* A program may have begun with everything blocked. */
    mask_change(SIG_UNBLOCK, signal_bit(SIGNAL_MARK));
    if (world.program != NULL) {
        const char *name = strrchr(world.program, '/');

        prctl(PR_SET_NAME, name == NULL ? world.program : name + 1, 0, 0, 0);
    }
}
