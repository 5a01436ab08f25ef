/* SPDX-License-Identifier: MIT
 *
 * Processes that a host library starts. The process is QEMU's, whose other
 * threads have locks: a child that the host's fork() has made of it would hang
 * as soon as it called the guest. So the guest forks, in the middle of the
 * library's call, and parent and child both go on there. What a child becomes,
 * by exec(), is a program of the guest's: its file and its shell are looked for
 * where the program's are, and QEMU runs it.
 *
 * Where there is no guest thread (program.h) libc does what it does for QEMU,
 * which is right for a child that becomes another program of the host's ISA.
 */
#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "file.h"
#include "host.h"
#include "process.h"
#include "program.h"
#include "stream.h"

/* ---- fork() and the like ---- */

/* vfork() as well: the guest's could not come back twice into this call. */
static pid_t child_fork(void)
{
    static struct thunk_procedure guest = {"fork", NULL};
    struct thunk_program_frame frame = {0};

    return thunk_host_program_call(&guest, &frame) ? (pid_t)frame.result.integer
                                                   : fork();
}

/* Without the handlers of pthread_atfork(). */
static pid_t child_fork_bare(void)
{
    static struct thunk_procedure guest = {"_Fork", NULL};
    struct thunk_program_frame frame = {0};

    return thunk_host_program_call(&guest, &frame) ? (pid_t)frame.result.integer
                                                   : _Fork();
}

static int child_daemon(int keeps_folder, int keeps_streams)
{
    static struct thunk_procedure guest = {"daemon", NULL};
    struct thunk_program_frame frame = {
        .arguments = {(uint64_t)keeps_folder, (uint64_t)keeps_streams},
    };

    return thunk_host_program_call(&guest, &frame)
               ? (int)frame.result.integer
               : daemon(keeps_folder, keeps_streams);
}

static pid_t child_fork_terminal(int *terminal, char *name,
                                 const struct termios *attributes,
                                 const struct winsize *size)
{
    static struct thunk_procedure guest = {"forkpty", NULL};
    struct thunk_program_frame frame = {
        .arguments = {THUNK_WORD(terminal), THUNK_WORD(name),
                      THUNK_WORD(attributes), THUNK_WORD(size)},
    };

    return thunk_host_program_call(&guest, &frame)
               ? (pid_t)frame.result.integer
               : forkpty(terminal, name, attributes, size);
}

/* ---- exec() ---- */

/* What the host's streams hold is lost at an exec(), as natively. */
static int program_become(struct thunk_procedure *guest, const char *file,
                          char *const *arguments, char *const *environment,
                          int (*become)(const char *, char *const *,
                                        char *const *))
{
    struct thunk_program_frame frame = {
        .arguments = {THUNK_WORD(file), THUNK_WORD(arguments),
                      THUNK_WORD(environment)},
    };

    return thunk_host_program_call(guest, &frame)
               ? (int)frame.result.integer
               : become(file, arguments, environment);
}

static int become_in(const char *file, char *const *arguments,
                     char *const *environment)
{
    static struct thunk_procedure guest = {"execve", NULL};

    return program_become(&guest, file, arguments, environment, execve);
}

static int become_found_in(const char *file, char *const *arguments,
                           char *const *environment)
{
    static struct thunk_procedure guest = {"execvpe", NULL};

    return program_become(&guest, file, arguments, environment, execvpe);
}

static int become(const char *file, char *const *arguments)
{
    return become_in(file, arguments, thunk_host_environment());
}

static int become_found(const char *file, char *const *arguments)
{
    return become_found_in(file, arguments, thunk_host_environment());
}

static int become_open(int file, char *const *arguments,
                       char *const *environment)
{
    static struct thunk_procedure guest = {"fexecve", NULL};
    struct thunk_program_frame frame = {
        .arguments = {(uint64_t)file, THUNK_WORD(arguments),
                      THUNK_WORD(environment)},
    };

    return thunk_host_program_call(&guest, &frame)
               ? (int)frame.result.integer
               : fexecve(file, arguments, environment);
}

static int become_beside(int folder, const char *file, char *const *arguments,
                         char *const *environment, int flags)
{
    static struct thunk_procedure guest = {"execveat", NULL};
    struct thunk_program_frame frame = {
        .arguments = {(uint64_t)folder, THUNK_WORD(file), THUNK_WORD(arguments),
                      THUNK_WORD(environment), (uint64_t)flags},
    };

    return thunk_host_program_call(&guest, &frame)
               ? (int)frame.result.integer
               : execveat(folder, file, arguments, environment, flags);
}

/* How many there are in such a list, the first included. */
static size_t list_count(va_list list)
{
    size_t count = 1;

    while (va_arg(list, const char *) != NULL) {
        count++;
    }
    return count;
}

/* Writes the list and its NULL into items[]. */
static void list_take(const char **items, const char *first, va_list list)
{
    size_t count = 0;

    items[count++] = first;
    while (items[count - 1] != NULL) {
        items[count++] = va_arg(list, const char *);
    }
}

/* The three that take a list, which differ in what comes of it. On the stack,
 * since they are called in children that may not allocate. */
#define LIST_READ(first, items)                                                \
    va_list list;                                                              \
    size_t count;                                                              \
    va_start(list, first);                                                     \
    count = list_count(list);                                                  \
    va_end(list);                                                              \
    const char *items[count + 1];                                              \
    va_start(list, first);                                                     \
    list_take(items, first, list)

#define ITEMS(items) ((char *const *)(uintptr_t)(items))

static int become_list(const char *file, const char *first, ...)
{
    LIST_READ(first, items);
    va_end(list);
    return become(file, ITEMS(items));
}

static int become_list_found(const char *file, const char *first, ...)
{
    LIST_READ(first, items);
    va_end(list);
    return become_found(file, ITEMS(items));
}

static int become_list_in(const char *file, const char *first, ...)
{
    char *const *environment;

    LIST_READ(first, items);
    environment = va_arg(list, char *const *);
    va_end(list);
    return become_in(file, ITEMS(items), environment);
}

/* ---- children with a program of their own ---- */

typedef int spawn_function(pid_t *child, const char *file,
                           const posix_spawn_file_actions_t *actions,
                           const posix_spawnattr_t *attributes,
                           char *const *arguments, char *const *environment);

/* glibc's two types for it are the same on all ISAs of 64 bits. */
static int child_spawn_by(struct thunk_procedure *guest, spawn_function *spawn,
                          pid_t *child, const char *file,
                          const posix_spawn_file_actions_t *actions,
                          const posix_spawnattr_t *attributes,
                          char *const *arguments, char *const *environment)
{
    struct thunk_program_frame frame = {
        .arguments = {THUNK_WORD(child), THUNK_WORD(file), THUNK_WORD(actions),
                      THUNK_WORD(attributes), THUNK_WORD(arguments),
                      THUNK_WORD(environment)},
    };

    return thunk_host_program_call(guest, &frame)
               ? (int)frame.result.integer
               : spawn(child, file, actions, attributes, arguments,
                       environment);
}

static int child_spawn(pid_t *child, const char *file,
                       const posix_spawn_file_actions_t *actions,
                       const posix_spawnattr_t *attributes,
                       char *const *arguments, char *const *environment)
{
    static struct thunk_procedure guest = {"posix_spawn", NULL};

    return child_spawn_by(&guest, posix_spawn, child, file, actions, attributes,
                          arguments, environment);
}

static int child_spawn_found(pid_t *child, const char *file,
                             const posix_spawn_file_actions_t *actions,
                             const posix_spawnattr_t *attributes,
                             char *const *arguments, char *const *environment)
{
    static struct thunk_procedure guest = {"posix_spawnp", NULL};

    return child_spawn_by(&guest, posix_spawnp, child, file, actions,
                          attributes, arguments, environment);
}

static int command_run(const char *command)
{
    static struct thunk_procedure guest = {"system", NULL};
    struct thunk_program_frame frame = {.arguments = {THUNK_WORD(command)}};

    return thunk_host_program_call(&guest, &frame) ? (int)frame.result.integer
                                                   : system(command);
}

/* A stream of the guest's to or from a command, and the library's own for the
 * same descriptor. */
static struct pipe {
    struct pipe *next;
    FILE *stream;
    void *guest;
} * pipes; /* thunk_host_lock_last() */

static void guest_pipe_close(void *stream, struct thunk_program_frame *frame)
{
    static struct thunk_procedure guest = {"pclose", NULL};

    *frame = (struct thunk_program_frame){.arguments = {THUNK_WORD(stream)}};
    frame->result.integer = -1;
    (void)thunk_host_program_call(&guest, frame);
}

/* Another descriptor, since both streams close theirs. No child gets it:
 * popen() closes the guest's in the next command's, and knows nothing of this.
 */
static FILE *pipe_open_beside(void *guest_stream, const char *mode)
{
    static struct thunk_procedure guest = {"fileno", NULL};
    struct thunk_program_frame frame = {
        .arguments = {THUNK_WORD(guest_stream)}};
    FILE *stream;
    int file;

    if (!thunk_host_program_call(&guest, &frame)) {
        return NULL;
    }
    file = fcntl((int)frame.result.integer, F_DUPFD_CLOEXEC, 0);
    stream = file < 0 ? NULL : fdopen(file, mode);
    if (file >= 0 && stream == NULL) {
        close(file);
    }
    return stream;
}

static FILE *pipe_open(const char *command, const char *mode)
{
    static struct thunk_procedure guest = {"popen", NULL};
    struct thunk_program_frame frame = {
        .arguments = {THUNK_WORD(command), THUNK_WORD(mode)},
    };
    struct pipe *made;
    FILE *stream = NULL;

    if (!thunk_host_program_call(&guest, &frame)) {
        return popen(command, mode);
    }
    if (frame.result.pointer == NULL) {
        return NULL;
    }
    made = malloc(sizeof(*made));
    if (made != NULL) {
        stream = pipe_open_beside(frame.result.pointer, mode);
    }
    if (stream == NULL) {
        int saved = errno;

        free(made);
        guest_pipe_close(frame.result.pointer, &frame);
        errno = saved;
        return NULL;
    }
    made->stream = stream;
    made->guest = frame.result.pointer;
    thunk_host_lock_last();
    made->next = pipes;
    __atomic_store_n(&pipes, made, __ATOMIC_RELAXED);
    thunk_host_unlock_last();
    return stream;
}

/* Takes it off the list; NULL: it is libc's own. */
static struct pipe *pipe_take(const FILE *stream)
{
    struct pipe **at = &pipes, *found;

    if (__atomic_load_n(&pipes, __ATOMIC_RELAXED) == NULL) {
        return NULL;
    }
    thunk_host_lock_last();
    while (*at != NULL && (*at)->stream != stream) {
        at = &(*at)->next;
    }
    found = *at;
    if (found != NULL) {
        __atomic_store_n(at, found->next, __ATOMIC_RELAXED);
    }
    thunk_host_unlock_last();
    return found;
}

int thunk_host_pipe_close(FILE *stream)
{
    struct pipe *closed = pipe_take(stream);
    struct thunk_program_frame frame;

    if (closed == NULL) {
        return fclose(stream); /* to glibc, pclose() is the same */
    }
    fclose(stream);
    guest_pipe_close(closed->guest, &frame);
    free(closed);
    return (int)frame.result.integer;
}

/* ---- all ---- */

struct thunk_imports thunk_host_children_imports(void)
{
    static const struct thunk_import imports[] = {
        {"_Fork", (thunk_function)child_fork_bare},
        {"daemon", (thunk_function)child_daemon},
        {"execl", (thunk_function)become_list},
        {"execle", (thunk_function)become_list_in},
        {"execlp", (thunk_function)become_list_found},
        {"execv", (thunk_function)become},
        {"execve", (thunk_function)become_in},
        {"execveat", (thunk_function)become_beside},
        {"execvp", (thunk_function)become_found},
        {"execvpe", (thunk_function)become_found_in},
        {"fclose", (thunk_function)thunk_host_stream_close},
        {"fexecve", (thunk_function)become_open},
        {"fflush", (thunk_function)thunk_host_file_flush},
        {"fork", (thunk_function)child_fork},
        {"forkpty", (thunk_function)child_fork_terminal},
        {"pclose", (thunk_function)thunk_host_stream_close},
        {"popen", (thunk_function)pipe_open},
        {"posix_spawn", (thunk_function)child_spawn},
        {"posix_spawnp", (thunk_function)child_spawn_found},
        {"system", (thunk_function)command_run},
        {"vfork", (thunk_function)child_fork},
    };

    return (struct thunk_imports){imports, sizeof(imports) / sizeof(*imports)};
}
