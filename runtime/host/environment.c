/* SPDX-License-Identifier: MIT
 *
 * The environment is the program's, for all of the host's libraries: its list
 * is read where the guest's libc has it, and the guest changes it. The host's
 * libc has the one that QEMU was started with, which nothing of the program's
 * reaches; and a library that is opened with RTLD_DEEPBIND would not even have
 * that, as QEMU has a copy of `environ` and libc's own stays NULL. So are the
 * name of the program and its file, which the guest's system calls know.
 *
 * Libraries have them in place of what they import (objects.c).
 */
#include <errno.h>
#include <link.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <thunk/environment.h>
#include <time.h>
#include <unistd.h>

#include "imports.h"
#include "process.h"
#include "program.h"

/* The guest's `environ`; NULL: there is no guest's. And where it has the names
 * of the program. */
static char ***program;
static char **names[2]; /* the whole one, the short one */

static char *variable_get(const char *name)
{
    const size_t length = strlen(name);
    char **at = __atomic_load_n(program, __ATOMIC_RELAXED);

    for (; length > 0 && at != NULL && *at != NULL; at++) {
        if (strncmp(*at, name, length) == 0 && (*at)[length] == '=') {
            return *at + length + 1;
        }
    }
    return NULL;
}

/* Only the guest's libc knows which of its memory it may free. */
static bool guest_change(struct thunk_procedure *guest,
                         struct thunk_program_frame *frame, const char *name)
{
    if (thunk_host_program_call(guest, frame)) {
        return true;
    }
    thunk_log(THUNK_LOG_ERROR,
              "a thread of the host's own changes %s, of which the program "
              "will not know",
              name);
    return false;
}

static int variable_set(const char *name, const char *value, int overwrite)
{
    static struct thunk_procedure guest = {"setenv", NULL};
    struct thunk_program_frame frame = {
        .arguments = {THUNK_WORD(name), THUNK_WORD(value), (uint64_t)overwrite},
    };

    return guest_change(&guest, &frame, name) ? (int)frame.result.integer
                                              : setenv(name, value, overwrite);
}

static int variable_unset(const char *name)
{
    static struct thunk_procedure guest = {"unsetenv", NULL};
    struct thunk_program_frame frame = {.arguments = {THUNK_WORD(name)}};

    return guest_change(&guest, &frame, name) ? (int)frame.result.integer
                                              : unsetenv(name);
}

static int variable_put(char *variable)
{
    static struct thunk_procedure guest = {"putenv", NULL};
    struct thunk_program_frame frame = {.arguments = {THUNK_WORD(variable)}};

    return guest_change(&guest, &frame, variable) ? (int)frame.result.integer
                                                  : putenv(variable);
}

static int all_clear(void)
{
    static struct thunk_procedure guest = {"clearenv", NULL};
    struct thunk_program_frame frame = {0};

    return guest_change(&guest, &frame, "the environment")
               ? (int)frame.result.integer
               : clearenv();
}

char **thunk_host_environment(void)
{
    return program == NULL ? environ
                           : __atomic_load_n(program, __ATOMIC_RELAXED);
}

char *thunk_host_variable(const char *name)
{
    return program == NULL ? getenv(name) : variable_get(name);
}

void thunk_host_variable_remove(const char *name)
{
    if (program != NULL) {
        (void)variable_unset(name);
    }
    (void)unsetenv(name);
}

/* ---- the time zone ---- */

/* libc reads TZ where it has its own environment: so that gets the program's
 * before a function of libc's looks. */
static void zone_settle(void)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static const char name[] = "TZ";
    const char *wanted = variable_get(name), *own;

    pthread_mutex_lock(&lock);
    own = getenv(name);
    if (wanted == NULL && own != NULL) {
        unsetenv(name);
        tzset(); /* not all of them look at it anew */
    } else if (wanted != NULL && (own == NULL || strcmp(wanted, own) != 0)) {
        setenv(name, wanted, 1);
        tzset();
    }
    pthread_mutex_unlock(&lock);
}

static char *time_print(const time_t *time)
{
    zone_settle();
    return ctime(time);
}

static char *time_print_to(const time_t *time, char *text)
{
    zone_settle();
    return ctime_r(time, text);
}

static struct tm *time_split(const time_t *time)
{
    zone_settle();
    return localtime(time);
}

static struct tm *time_split_to(const time_t *time, struct tm *parts)
{
    zone_settle();
    return localtime_r(time, parts);
}

static time_t time_join(struct tm *parts)
{
    zone_settle();
    return mktime(parts);
}

static void zone_set(void)
{
    zone_settle();
    tzset();
}

/* ---- the program's file ---- */

/* Of this process: the kernel would tell of QEMU's. */
static bool path_is_own_file(const char *path)
{
    char own[64];

    if (strncmp(path, "/proc/", strlen("/proc/")) != 0) {
        return false;
    }
    snprintf(own, sizeof(own), "/proc/%d/exe", (int)getpid());
    return strcmp(path, "/proc/self/exe") == 0 || strcmp(path, own) == 0;
}

static ssize_t link_read(const char *path, char *text, size_t size)
{
    static struct thunk_procedure guest = {"readlink", NULL};
    struct thunk_program_frame frame = {
        .arguments = {THUNK_WORD(path), THUNK_WORD(text), size},
    };

    return path_is_own_file(path) && thunk_host_program_call(&guest, &frame)
               ? (ssize_t)frame.result.integer
               : readlink(path, text, size);
}

static ssize_t link_read_at(int folder, const char *path, char *text,
                            size_t size)
{
    return path_is_own_file(path) ? link_read(path, text, size)
                                  : readlinkat(folder, path, text, size);
}

/* With the room that the compiler has seen (_FORTIFY_SOURCE). */

extern _Noreturn void __chk_fail(void);

static ssize_t link_read_checked(const char *path, char *text, size_t size,
                                 size_t room)
{
    if (size > room) {
        __chk_fail();
    }
    return link_read(path, text, size);
}

static ssize_t link_read_at_checked(int folder, const char *path, char *text,
                                    size_t size, size_t room)
{
    if (size > room) {
        __chk_fail();
    }
    return link_read_at(folder, path, text, size);
}

/* ---- all ---- */

void thunk_host_name_settle(void)
{
    if (__atomic_load_n(&program, __ATOMIC_ACQUIRE) != NULL) {
        program_invocation_name = *names[0];
        program_invocation_short_name = *names[1];
    }
}

struct thunk_imports
thunk_host_environment_imports(const struct thunk_attachment *attachment)
{
    enum { COUNT = 24 };
    static struct thunk_import imports[COUNT];
    void *const *variables = attachment->variables;
    char ***guest = variables[THUNK_VARIABLE_ENVIRONMENT];
    char **name = variables[THUNK_VARIABLE_NAME];
    char **short_name = variables[THUNK_VARIABLE_SHORT_NAME];
    const struct thunk_import made[] = {
        {"__environ", (thunk_function)(uintptr_t)guest},
        {"__progname", (thunk_function)(uintptr_t)short_name},
        {"__progname_full", (thunk_function)(uintptr_t)name},
        {"__readlink_chk", (thunk_function)link_read_checked},
        {"__readlinkat_chk", (thunk_function)link_read_at_checked},
        {"_environ", (thunk_function)(uintptr_t)guest},
        {"clearenv", (thunk_function)all_clear},
        {"ctime", (thunk_function)time_print},
        {"ctime_r", (thunk_function)time_print_to},
        {"environ", (thunk_function)(uintptr_t)guest},
        {"getenv", (thunk_function)variable_get},
        {"localtime", (thunk_function)time_split},
        {"localtime_r", (thunk_function)time_split_to},
        {"mktime", (thunk_function)time_join},
        {"program_invocation_name", (thunk_function)(uintptr_t)name},
        {"program_invocation_short_name",
         (thunk_function)(uintptr_t)short_name},
        {"putenv", (thunk_function)variable_put},
        {"readlink", (thunk_function)link_read},
        {"readlinkat", (thunk_function)link_read_at},
        {"secure_getenv", (thunk_function)variable_get},
        {"setenv", (thunk_function)variable_set},
        {"timelocal", (thunk_function)time_join},
        {"tzset", (thunk_function)zone_set},
        {"unsetenv", (thunk_function)variable_unset},
    };

    _Static_assert(sizeof(made) == sizeof(imports), "all of them");
    if (guest == NULL) {
        return (struct thunk_imports){NULL, 0};
    }
    memcpy(imports, made, sizeof(made));
    names[0] = name;
    names[1] = short_name;
    __atomic_store_n(&program, guest, __ATOMIC_RELEASE);
    thunk_host_name_settle();
    return (struct thunk_imports){imports, COUNT};
}
