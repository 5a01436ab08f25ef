/* SPDX-License-Identifier: MIT
 *
 * Signals of libraries that set handlers themselves, as readline does while it
 * reads a line, and that send their process signals. There is one table of
 * actions, the program's: what a library sets is set by the guest, with the
 * host's own address for its handler, and what it finds is the program's. A
 * handler of either side is called from the other like any function whose type
 * is not known (net.c). A library's that comes while a library runs is just
 * called (signal.c): so it may leave by siglongjmp(), and comes while the
 * library computes.
 *
 * But for faults: those of host code are the host's to handle.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "process.h"
#include "program.h"

/* Not so in a leaf, and where there is no guest thread: then it is the action
 * of QEMU's process that changes. */
static bool guest_call(int number, struct thunk_procedure *guest,
                       struct thunk_program_frame *frame)
{
    return !thunk_host_signal_is_fault(number) &&
           thunk_host_program_try(guest, frame);
}

/* What libraries have set last. Its handler is kept apart too, and is NULL
 * while the rest changes: a signal may come then. */
static struct library_action {
    _Atomic uint64_t handler;
    struct sigaction action;
} actions[THUNK_HOST_SIGNALS];

static void action_note(int number, const struct sigaction *action)
{
    if (number > 0 && number < THUNK_HOST_SIGNALS) {
        struct library_action *last = &actions[number];

        atomic_store(&last->handler, 0);
        last->action = *action;
        atomic_store(&last->handler, THUNK_WORD(action->sa_handler));
    }
}

bool thunk_host_signal_find(int number, uint64_t handler,
                            struct sigaction *action)
{
    const struct library_action *last = &actions[number];

    if (handler == THUNK_WORD(SIG_DFL) || handler == THUNK_WORD(SIG_IGN) ||
        atomic_load(&last->handler) != handler) {
        return false;
    }
    *action = last->action;
    return true;
}

/* glibc's struct sigaction is the same on all ISAs of 64 bits. */
static int action_set(int number, const struct sigaction *action,
                      struct sigaction *old)
{
    static struct thunk_procedure guest = {"sigaction", NULL};
    struct thunk_program_frame frame = {
        .arguments = {(uint64_t)number, THUNK_WORD(action), THUNK_WORD(old)},
    };

    if (action != NULL) {
        action_note(number, action);
    }
    return guest_call(number, &guest, &frame) ? (int)frame.result.integer
                                              : sigaction(number, action, old);
}

typedef void handler_function(int number);

/* A function of the guest's that takes these two. */
static handler_function *
handler_set_by(struct thunk_procedure *guest,
               handler_function *(*set)(int, handler_function *), int number,
               handler_function *handler, unsigned flags)
{
    struct thunk_program_frame frame = {
        .arguments = {(uint64_t)number, THUNK_WORD(handler)},
    };

    action_note(number, &(struct sigaction){.sa_handler = handler,
                                            .sa_flags = (int)flags});
    return guest_call(number, guest, &frame)
               ? (handler_function *)frame.result.integer
               : set(number, handler);
}

static handler_function *handler_set(int number, handler_function *handler)
{
    static struct thunk_procedure guest = {"signal", NULL};

    return handler_set_by(&guest, signal, number, handler, SA_RESTART);
}

static handler_function *handler_set_once(int number, handler_function *handler)
{
    static struct thunk_procedure guest = {"sysv_signal", NULL};

    return handler_set_by(&guest, sysv_signal, number, handler,
                          SA_RESETHAND | SA_NODEFER);
}

/* siginterrupt() */
static int action_interrupt(int number, int interrupts)
{
    struct sigaction action;

    if (action_set(number, NULL, &action) != 0) {
        return -1;
    }
    if (interrupts) {
        action.sa_flags &= ~SA_RESTART;
    } else {
        action.sa_flags |= SA_RESTART;
    }
    return action_set(number, &action, NULL);
}

/* The program's handler has run when these return, as natively. */

static int signal_send(pid_t process, int number)
{
    int result = kill(process, number);

    thunk_host_signal_settle();
    return result;
}

static int signal_send_group(pid_t group, int number)
{
    int result = killpg(group, number);

    thunk_host_signal_settle();
    return result;
}

static int signal_send_thread(pthread_t thread, int number)
{
    int result = pthread_kill(thread, number);

    thunk_host_signal_settle();
    return result;
}

static int signal_send_with(pid_t process, int number, union sigval with)
{
    int result = sigqueue(process, number, with);

    thunk_host_signal_settle();
    return result;
}

static int signal_raise(int number)
{
    int result = raise(number);

    thunk_host_signal_settle();
    return result;
}

struct thunk_imports thunk_host_signals_imports(void)
{
    static const struct thunk_import imports[] = {
        {"__sysv_signal", (thunk_function)handler_set_once},
        {"bsd_signal", (thunk_function)handler_set},
        {"kill", (thunk_function)signal_send},
        {"killpg", (thunk_function)signal_send_group},
        {"pthread_kill", (thunk_function)signal_send_thread},
        {"raise", (thunk_function)signal_raise},
        {"sigaction", (thunk_function)action_set},
        {"siginterrupt", (thunk_function)action_interrupt},
        {"signal", (thunk_function)handler_set},
        {"sigqueue", (thunk_function)signal_send_with},
        {"ssignal", (thunk_function)handler_set},
        {"sysv_signal", (thunk_function)handler_set_once},
    };

    return (struct thunk_imports){imports, sizeof(imports) / sizeof(*imports)};
}
