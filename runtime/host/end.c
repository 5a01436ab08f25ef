/* SPDX-License-Identifier: MIT
 *
 * The end of the process. A host library that ends it does so for the program:
 * the host's exit() would end QEMU behind the program's back, its handlers not
 * run and its buffers not written; so would what calls it in libc, as err().
 *
 * When the program has called exit() comes the end of what the process has on
 * the host. As natively, what libraries have given to atexit() runs first, the
 * last first, and then their destructors. The host's libc would run the first
 * at an exit() of QEMU's, which there is not.
 */
#include <dlfcn.h>
#include <err.h>
#include <errno.h>
#include <error.h>
#include <link.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "host.h"
#include "imports.h"
#include "observe.h"
#include "process.h"
#include "program.h"

/* ---- ends that host libraries want ---- */

/* Where there is no guest to ask, in a thread of a library's own, it is the end
 * of QEMU all the same. */
static void guest_end(struct thunk_procedure *guest, int status)
{
    struct thunk_program_frame frame = {.arguments = {(uint64_t)status}};

    (void)thunk_host_program_call(guest, &frame);
}

static _Noreturn void process_exit(int status)
{
    static struct thunk_procedure guest = {"exit", NULL};

    guest_end(&guest, status);
    exit(status);
}

static _Noreturn void process_quick_exit(int status)
{
    static struct thunk_procedure guest = {"quick_exit", NULL};

    guest_end(&guest, status);
    quick_exit(status);
}

/* Messages begin with the program's name, which it may have changed. */
static void list_warn(const char *format, va_list arguments)
{
    thunk_host_name_settle();
    vwarn(format, arguments);
}

static void list_warnx(const char *format, va_list arguments)
{
    thunk_host_name_settle();
    vwarnx(format, arguments);
}

static void any_warn(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    list_warn(format, arguments);
    va_end(arguments);
}

static void any_warnx(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    list_warnx(format, arguments);
    va_end(arguments);
}

static _Noreturn void list_err(int status, const char *format,
                               va_list arguments)
{
    list_warn(format, arguments);
    process_exit(status);
}

static _Noreturn void list_errx(int status, const char *format,
                                va_list arguments)
{
    list_warnx(format, arguments);
    process_exit(status);
}

static _Noreturn void any_err(int status, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    list_err(status, format, arguments);
}

static _Noreturn void any_errx(int status, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    list_errx(status, format, arguments);
}

/* GNU's error() goes on where the status is 0; so with that libc prints. */
static void any_error(int status, int number, const char *format, ...)
{
    char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) >= 0) {
        thunk_host_name_settle();
        error(0, number, "%s", text);
        free(text);
    }
    va_end(arguments);
    if (status != 0) {
        process_exit(status);
    }
}

static void any_error_at_line(int status, int number, const char *file,
                              unsigned line, const char *format, ...)
{
    char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) >= 0) {
        thunk_host_name_settle();
        error_at_line(0, number, file, line, "%s", text);
        free(text);
    }
    va_end(arguments);
    if (status != 0) {
        process_exit(status);
    }
}

/* ---- what is to run at the end ---- */

/* Given to __cxa_atexit(), which is what atexit() and C++ call. */
static struct handler {
    struct handler *before;
    void (*function)(void *argument);
    void *argument;
    const void *object; /* whose it is: the address of its __dso_handle */
} * handlers;

static int handler_add(void (*function)(void *argument), void *argument,
                       void *object)
{
    struct handler *handler = malloc(sizeof(*handler));

    if (handler == NULL) {
        return -1;
    }
    *handler = (struct handler){NULL, function, argument, object};
    thunk_host_lock_last();
    handler->before = handlers;
    handlers = handler;
    thunk_host_unlock_last();
    return 0;
}

/* The last that is the object's, or anybody's; NULL: there is none. */
static struct handler *handler_take(const void *object)
{
    struct handler **at = &handlers, *taken;

    thunk_host_lock_last();
    while (*at != NULL && object != NULL && (*at)->object != object) {
        at = &(*at)->before;
    }
    taken = *at;
    if (taken != NULL) {
        *at = taken->before;
    }
    thunk_host_unlock_last();
    return taken;
}

/* They may add others. */
static void handlers_run(const void *object)
{
    struct handler *handler;

    while ((handler = handler_take(object)) != NULL) {
        handler->function(handler->argument);
        free(handler);
    }
}

extern void __cxa_finalize(void *object);

/* An object that is closed before the end calls this. */
static void object_end(void *object)
{
    if (object != NULL) {
        handlers_run(object);
    }
    __cxa_finalize(object);
}

struct thunk_imports thunk_host_end_imports(void)
{
    static const struct thunk_import imports[] = {
        {"__cxa_atexit", (thunk_function)handler_add},
        {"__cxa_finalize", (thunk_function)object_end},
        {"err", (thunk_function)any_err},
        {"error", (thunk_function)any_error},
        {"error_at_line", (thunk_function)any_error_at_line},
        {"errx", (thunk_function)any_errx},
        {"exit", (thunk_function)process_exit},
        {"quick_exit", (thunk_function)process_quick_exit},
        {"verr", (thunk_function)list_err},
        {"verrx", (thunk_function)list_errx},
        {"vwarn", (thunk_function)list_warn},
        {"vwarnx", (thunk_function)list_warnx},
        {"warn", (thunk_function)any_warn},
        {"warnx", (thunk_function)any_warnx},
    };

    return (struct thunk_imports){imports, sizeof(imports) / sizeof(*imports)};
}

/* What the dynamic linker would do at the end (_dl_fini()): a library's
 * destructors. */
static void object_finish(void *handle)
{
    const struct link_map *map = NULL;
    const thunk_function *functions = NULL;
    size_t count = 0;
    thunk_function last = NULL;

    if (handle == NULL || dlinfo(handle, RTLD_DI_LINKMAP, (void *)&map) != 0) {
        return;
    }
    for (const ElfW(Dyn) *entry = map->l_ld; entry->d_tag != DT_NULL; entry++) {
        if (entry->d_tag == DT_FINI_ARRAY) {
            functions = (const void *)(map->l_addr + entry->d_un.d_ptr);
        } else if (entry->d_tag == DT_FINI_ARRAYSZ) {
            count = entry->d_un.d_val / sizeof(*functions);
        } else if (entry->d_tag == DT_FINI) {
            last = (thunk_function)(map->l_addr + entry->d_un.d_ptr);
        }
    }
    while (functions != NULL && count-- > 0) {
        functions[count]();
    }
    if (last != NULL) {
        last();
    }
}

void thunk_host_finish(void)
{
    thunk_host_thread_finish();
    handlers_run(NULL);
    for (struct thunk_host_library *library = thunk_host_libraries();
         library != NULL; library = library->next_deferred) {
        object_finish(library->handle);
    }
}
