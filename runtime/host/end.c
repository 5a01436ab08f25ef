/* SPDX-License-Identifier: MIT
 *
 * The end of the process. A host library that ends it does so for the program:
 * the host's exit() would end QEMU behind the program's back, its handlers not
 * run and its buffers not written; so would what calls it in libc, as err().
 *
 * What libraries give to atexit() and its like the guest's libc calls, in turn
 * with the program's own. Then comes the end of what the process has on the
 * host, libraries' destructors. The host's libc would run both at an exit() of
 * QEMU's, which there is not.
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

/* Given to __cxa_atexit(), which is what atexit() and C++ call, to on_exit() or
 * at_quick_exit(). */
struct handler {
    struct handler *before;
    uint64_t number;
    void (*function)(void *argument);
    void (*function_of_status)(int status, void *argument); /* or this */
    void *argument;
    const void *object; /* whose it is: the address of its __dso_handle */
};

static struct handler *handlers, *quick_handlers;

/* The guest's, for its libc. */
static struct {
    void (*at_exit)(void *handler);
    void (*on_exit)(int status, void *handler);
    struct thunk_procedure quick_exit_add;
} guest_handlers;

void thunk_host_end_start(const struct thunk_attachment *attachment)
{
    guest_handlers.at_exit = attachment->at_exit;
    guest_handlers.on_exit = attachment->on_exit;
    guest_handlers.quick_exit_add = (struct thunk_procedure){
        "at_quick_exit", (thunk_function)attachment->quick_exit_add};
}

/* Its number; 0: there is no memory. */
static uint64_t handler_add(struct handler **list, const struct handler *from)
{
    static uint64_t last;
    struct handler *handler = malloc(sizeof(*handler));
    uint64_t number;

    if (handler == NULL) {
        return 0;
    }
    *handler = *from;
    thunk_host_lock_last();
    handler->number = number = ++last;
    handler->before = *list;
    *list = handler;
    thunk_host_unlock_last();
    return number;
}

/* The guest calls it when its turn comes. Where there is no guest to ask, its
 * turn is when the program's are done. */
static void turn_take(struct thunk_procedure *guest, uint64_t function,
                      uint64_t number)
{
    struct thunk_program_frame frame = {.arguments = {function, number}};

    (void)thunk_host_program_try(guest, &frame);
}

static int exit_add(void (*function)(void *argument), void *argument,
                    void *object)
{
    static struct thunk_procedure guest = {"__cxa_atexit", NULL};
    const struct handler handler = {
        .function = function, .argument = argument, .object = object};
    const uint64_t number = handler_add(&handlers, &handler);

    if (number != 0) {
        turn_take(&guest, THUNK_WORD(guest_handlers.at_exit), number);
    }
    return number != 0 ? 0 : -1;
}

static int exit_add_of_status(void (*function)(int status, void *argument),
                              void *argument)
{
    static struct thunk_procedure guest = {"on_exit", NULL};
    const struct handler handler = {.function_of_status = function,
                                    .argument = argument};
    const uint64_t number = handler_add(&handlers, &handler);

    if (number != 0) {
        turn_take(&guest, THUNK_WORD(guest_handlers.on_exit), number);
    }
    return number != 0 ? 0 : -1;
}

static int quick_exit_add(void (*function)(void *argument), void *object)
{
    const struct handler handler = {.function = function, .object = object};
    const uint64_t number = handler_add(&quick_handlers, &handler);

    if (number != 0) {
        turn_take(&guest_handlers.quick_exit_add, 0, 0);
    }
    return number != 0 ? 0 : -1;
}

/* The last of that number, or of that object, or any where both are nothing;
 * NULL: there is none. */
static struct handler *handler_take(struct handler **list, uint64_t number,
                                    const void *object)
{
    struct handler **at = list, *taken;

    thunk_host_lock_last();
    while (*at != NULL && ((number != 0 && (*at)->number != number) ||
                           (object != NULL && (*at)->object != object))) {
        at = &(*at)->before;
    }
    taken = *at;
    if (taken != NULL) {
        *at = taken->before;
    }
    thunk_host_unlock_last();
    return taken;
}

/* False: there is none. */
static bool handler_run(struct handler **list, uint64_t number,
                        const void *object, int status)
{
    struct handler *handler = handler_take(list, number, object);

    if (handler == NULL) {
        return false;
    }
    if (handler->function != NULL) {
        handler->function(handler->argument);
    } else {
        handler->function_of_status(status, handler->argument);
    }
    free(handler);
    return true;
}

void thunk_host_handler_run(uint64_t number, int status)
{
    (void)handler_run(number == 0 ? &quick_handlers : &handlers, number, NULL,
                      status);
}

extern void __cxa_finalize(void *object);

/* An object that is closed before the end calls this. */
static void object_end(void *object)
{
    struct handler *dropped;

    while (object != NULL && handler_run(&handlers, 0, object, 0)) {
    }
    while (object != NULL &&
           (dropped = handler_take(&quick_handlers, 0, object)) != NULL) {
        free(dropped);
    }
    __cxa_finalize(object);
}

struct thunk_imports thunk_host_end_imports(void)
{
    static const struct thunk_import imports[] = {
        {"__cxa_at_quick_exit", (thunk_function)quick_exit_add},
        {"__cxa_atexit", (thunk_function)exit_add},
        {"__cxa_finalize", (thunk_function)object_end},
        {"err", (thunk_function)any_err},
        {"error", (thunk_function)any_error},
        {"error_at_line", (thunk_function)any_error_at_line},
        {"errx", (thunk_function)any_errx},
        {"exit", (thunk_function)process_exit},
        {"on_exit", (thunk_function)exit_add_of_status},
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
    while (handler_run(&handlers, 0, NULL, 0)) { /* they may add others */
    }
    for (struct thunk_host_library *library = thunk_host_libraries();
         library != NULL; library = library->next_deferred) {
        object_finish(library->handle);
    }
}
