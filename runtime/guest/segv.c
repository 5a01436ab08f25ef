/* SPDX-License-Identifier: MIT
 *
 * The guest's SIGSEGV. When the guest jumps to a host function, QEMU finds that
 * the page is no guest code and sends SIGSEGV, with the address that was to be
 * executed both as pc and as the faulting one. This handler goes on at a stub.
 * It comes before the program's own, whatever the program does (plugin/segv.c),
 * and hands everything else on to that one, just as it was.
 */
#include <signal.h>
#include <thunk_arch_context.h>

#include "guest.h"

static struct thunk_segv segv;

void thunk_segv_enter(int number, siginfo_t *info, void *context);
thunk_function thunk_guest_segv(int number, siginfo_t *info, void *context);
void thunk_guest_segv_leave(void);

static struct thunk_action *program_get(void)
{
    return (struct thunk_action *)(uintptr_t)__atomic_load_n(&segv.current,
                                                             __ATOMIC_ACQUIRE);
}

/* SA_RESETHAND: what the program had is the default from now on. */
static void program_reset(const struct thunk_action *program)
{
    const size_t count = sizeof(segv.actions) / sizeof(segv.actions[0]);
    struct thunk_action *place =
        &segv.actions[__atomic_fetch_add(&segv.used, 1, __ATOMIC_RELAXED) %
                      count];
    uint64_t expected = (uintptr_t)program;

    *place = *program;
    place->handler = (uintptr_t)SIG_DFL;
    (void)__atomic_compare_exchange_n(&segv.current, &expected,
                                      (uintptr_t)place, false, __ATOMIC_ACQ_REL,
                                      __ATOMIC_RELAXED);
}

/* Whether SIGSEGV is blocked as the program has it, and from now on. */
static bool blocked_set(enum thunk_block_segv how)
{
    volatile uint64_t answer = 0;

    (void)thunk_syscall(THUNK_SYSCALL, THUNK_BLOCK_SEGV, how,
                        (uintptr_t)&answer, 0);
    return answer == 1;
}

/* The end of the process. A fault comes again when the handler has returned. */
static void default_take(bool is_sent)
{
    __atomic_store_n(&segv.handler, 0, __ATOMIC_RELEASE);
    signal(SIGSEGV, SIG_DFL);
    if (is_sent) {
        raise(SIGSEGV);
    }
}

/* The program's handler for a signal that is not for us; NULL: none is to run.
 * A fault cannot be ignored, nor wait. */
static thunk_function program_handler(const siginfo_t *info)
{
    const struct thunk_action *program = program_get();
    uintptr_t handler = program == NULL ? 0 : (uintptr_t)program->handler;
    bool is_sent = info->si_code <= 0;

    if (is_sent && handler == (uintptr_t)SIG_IGN) {
        return NULL;
    }
    if (blocked_set(THUNK_SEGV_ASK)) {
        if (is_sent) {
            (void)blocked_set(THUNK_SEGV_DEFER);
        } else {
            default_take(false);
        }
        return NULL;
    }
    if (handler == (uintptr_t)SIG_DFL || handler == (uintptr_t)SIG_IGN) {
        default_take(is_sent);
        return NULL;
    }
    if (program->blocks_segv) {
        (void)blocked_set(THUNK_SEGV_BLOCK);
    }
    if ((program->flags & SA_RESETHAND) != 0) {
        program_reset(program);
    }
    return (thunk_function)handler;
}

/* The program's handler has returned; where it has not, a mask has been set or
 * SIGSEGV stays blocked, as natively. */
void thunk_guest_segv_leave(void)
{
    int saved = errno;

    (void)blocked_set(THUNK_SEGV_UNBLOCK);
    errno = saved;
}

/* Called by thunk_segv_enter(), which runs what it returns. The thread was
 * executing guest code, so calls may be made as from any place of that. */
thunk_function thunk_guest_segv(int number, siginfo_t *info, void *context)
{
    uintptr_t pc = thunk_arch_pc(context);
    thunk_function found = NULL;
    int saved = errno;

    (void)number;
    /* A positive si_code is the kernel's; kill() cannot pretend to one. */
    if (info->si_code > 0 && (uintptr_t)info->si_addr == pc) {
        found = thunk_guest_net_find(pc);
    }
    if (found != NULL) {
        thunk_arch_pc_set(context, (uintptr_t)found);
        found = NULL;
    } else {
        found = program_handler(info);
    }
    errno = saved;
    return found;
}

/* Where SIGSEGV is blocked already, by this thread or while a handler runs, it
 * is said again, for the plugin to see. */
static void masks_repeat(void)
{
    struct sigaction action;
    sigset_t mask;

    pthread_sigmask(SIG_SETMASK, NULL, &mask);
    if (sigismember(&mask, SIGSEGV) == 1) {
        pthread_sigmask(SIG_SETMASK, &mask, NULL);
    }
    for (int number = 1; number < _NSIG; number++) {
        if (number != SIGSEGV && sigaction(number, NULL, &action) == 0 &&
            sigismember(&action.sa_mask, SIGSEGV) == 1) {
            (void)sigaction(number, &action, NULL);
        }
    }
}

/* The plugin makes our action the program's, once it knows that one; see
 * struct thunk_segv for the repetition. Threads that attach at once all do it,
 * to the same end: none may go on before the handler is there. */
void thunk_guest_segv_start(void)
{
    static uint32_t is_started;
    volatile uint64_t answer = THUNK_UNANSWERED;
    struct sigaction action = {.sa_flags = SA_SIGINFO | SA_NODEFER}, before;

    if (__atomic_load_n(&is_started, __ATOMIC_ACQUIRE) != 0) {
        return;
    }
    __atomic_store_n(&segv.handler, (uintptr_t)thunk_segv_enter,
                     __ATOMIC_RELEASE);
    (void)thunk_syscall(THUNK_SYSCALL, THUNK_SET_SEGV, (uintptr_t)&segv,
                        (uintptr_t)&answer, 0);
    if (answer != 1) {
        thunk_log(THUNK_LOG_DEBUG, "no place before the program's SIGSEGV "
                                   "handler: host functions that have no stub "
                                   "cannot be called");
        return;
    }
    action.sa_sigaction = thunk_segv_enter;
    do {
        if (sigaction(SIGSEGV, &action, &before) != 0) {
            return;
        }
    } while (before.sa_sigaction != thunk_segv_enter);
    masks_repeat();
    __atomic_store_n(&is_started, 1, __ATOMIC_RELEASE);
}
