/* SPDX-License-Identifier: MIT
 *
 * Signals of a library that sets handlers itself, as readline does while it
 * reads a line, and that sends its process signals.
 *
 * Its handlers are the host's and run as such. But what it finds set before is
 * QEMU's handler, which takes more than a number; libraries call what they have
 * found, put it back, and send themselves the signal for it. So they are shown
 * a handler in its place that takes a number alone, as most programs' do, and
 * theirs are called by one of the runtime's, which keeps the rest.
 */
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "imports.h"
#include "process.h"

/* What libraries have set, and what was the program's then. */
static struct sigaction of_library[THUNK_HOST_SIGNALS];
static struct sigaction of_program[THUNK_HOST_SIGNALS];

/* The signal that a handler of a library's is called for. */
static __thread struct arrival {
    int number; /* 0: none */
    siginfo_t *info;
    void *context;
    bool is_noted; /* it has called the program's handler */
} arrival __attribute__((tls_model("initial-exec")));

static void library_call(int number, siginfo_t *info, void *context)
{
    const struct sigaction action = of_library[number];

    if ((action.sa_flags & SA_SIGINFO) != 0) {
        action.sa_sigaction(number, info, context);
    } else {
        action.sa_handler(number);
    }
}

static void library_handle(int number, siginfo_t *info, void *context)
{
    const struct arrival outer = arrival;
    int saved = errno;
    bool is_noted = true;

    if (!thunk_host_signal_is_look(info)) {
        arrival = (struct arrival){number, info, context, false};
        library_call(number, info, context);
        is_noted = arrival.is_noted;
        arrival = outer;
    }
    if (is_noted) {
        thunk_host_signal_bring(number, context);
    }
    errno = saved;
}

bool thunk_host_signal_is_library(const struct sigaction *action)
{
    return (action->sa_flags & SA_SIGINFO) != 0 &&
           action->sa_sigaction == library_handle;
}

/* Stands for the program's handler. */
static void program_handle(int number)
{
    struct sigaction now;

    if (arrival.number == number) {
        arrival.is_noted = true;
        thunk_host_signal_note(number, arrival.info, arrival.context);
    } else if (sigaction(number, &of_program[number], &now) == 0) {
        (void)syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), number);
        (void)sigaction(number, &now, NULL);
        thunk_host_signal_settle();
    }
}

/* The action as the library is to see it. */
static struct sigaction action_show(int number, const struct sigaction *real)
{
    struct sigaction shown = *real;

    if (thunk_host_signal_is_library(real)) {
        shown = of_library[number];
    } else if (thunk_host_signal_is_ours(real)) {
        shown.sa_handler = program_handle;
        shown.sa_flags &= ~SA_SIGINFO;
    }
    return shown;
}

/* And as it is to be when the library sets it. */
static struct sigaction action_hide(int number, const struct sigaction *set,
                                    const struct sigaction *before)
{
    struct sigaction real = *set;

    if ((set->sa_flags & SA_SIGINFO) == 0 &&
        set->sa_handler == program_handle) {
        return of_program[number];
    }
    if (thunk_host_signal_is_function(set)) {
        if (thunk_host_signal_is_ours(before)) {
            of_program[number] = *before;
        }
        of_library[number] = *set;
        real.sa_sigaction = library_handle;
        real.sa_flags |= SA_SIGINFO;
    }
    return real;
}

static int action_set(int number, const struct sigaction *action,
                      struct sigaction *old)
{
    struct sigaction before, shown, real;

    if (number < 1 || number >= THUNK_HOST_SIGNALS ||
        thunk_host_signal_is_fault(number)) {
        return sigaction(number, action, old);
    }
    if (sigaction(number, NULL, &before) != 0) {
        return -1;
    }
    shown = action_show(number, &before);
    if (action != NULL) {
        real = action_hide(number, action, &before);
        if (sigaction(number, &real, NULL) != 0) {
            return -1;
        }
    }
    if (old != NULL) {
        *old = shown;
    }
    return 0;
}

static int signal_send(pid_t process, int number)
{
    int result = kill(process, number);

    thunk_host_signal_settle();
    return result;
}

static int signal_raise(int number)
{
    int result = raise(number);

    thunk_host_signal_settle();
    return result;
}

void thunk_host_signals_settle(const struct thunk_host_library *library)
{
    static const struct thunk_import imports[] = {
        {"kill", (thunk_function)signal_send},
        {"raise", (thunk_function)signal_raise},
        {"sigaction", (thunk_function)action_set},
    };

    thunk_host_imports_set(library->handle, imports,
                           sizeof(imports) / sizeof(imports[0]));
}
