/* SPDX-License-Identifier: MIT
 *
 * Signals for the guest that come while host code waits.
 *
 * QEMU's handler notes a signal for the guest, blocks all others until the
 * guest has it, and lets what runs go on. In translated code that is a moment;
 * in a host function that waits it may be for ever, so that Ctrl-C does
 * nothing. Here the call is suspended then, as for a callback: the guest takes
 * the signal, ends by it, leaves by longjmp() or comes back, and the host
 * function goes on with EINTR or in its system call, as it would natively.
 *
 * That is done only in a system call that waits. Anywhere else the host code
 * may have a lock that QEMU needs as well, malloc()'s above all. It may be just
 * before such a call, too; so it is looked at again a little later, by another
 * signal. That must come while the host code runs or not at all: in the guest
 * it would interrupt a system call of the program's.
 *
 * A handler that a host library has set is none of the guest's, as long as host
 * code runs: it is called at once, where the signal has come, as natively.
 *
 * Threads of the host's own are not for the program's signals at all.
 *
 * QEMU installs its handler anew with each action that the guest sets. The
 * plugin tells when that may have been.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <thunk_arch_host.h>
#include <thunk_arch_syscall.h>
#include <time.h>
#include <unistd.h>

#include "host.h"
#include "observe.h"
#include "probe.h"
#include "process.h"

enum {
    SIGNALS = THUNK_HOST_SIGNALS,
    PAUSE = 2 * 1000 * 1000, /* nanoseconds until it is looked at again */
    MASK_SIZE = 8,           /* of the kernel's own set of signals */
};

/* QEMU's actions, before which ours are. */
static struct sigaction previous[SIGNALS];

/* The plugin's, set before any action is. */
static bool (*is_vcpu)(void);
static uint64_t (*handler_of)(int number);

static bool is_default(int number)
{
    return handler_of(number) == 0;
}

/* A look that is to come, if thunk_host_signal_looks. */
static __thread timer_t look __attribute__((tls_model("initial-exec")));

__thread pid_t thunk_host_signal_looks
    __attribute__((tls_model("initial-exec")));

static void look_end(void)
{
    if (thunk_host_signal_looks != 0) {
        if (thunk_host_signal_looks == getpid()) {
            timer_delete(look);
        }
        thunk_host_signal_looks = 0;
    }
}

/* The same signal again, which stays open for it. */
static void look_start(int number, ucontext_t *context)
{
    const struct itimerspec soon = {.it_value.tv_nsec = PAUSE};
    struct sigevent event = {
        .sigev_notify = SIGEV_THREAD_ID,
        .sigev_signo = number,
        .sigev_value.sival_ptr = &look,
    };

    event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
    look_end();
    if (timer_create(CLOCK_MONOTONIC, &event, &look) == 0) {
        thunk_host_signal_looks = getpid();
        timer_settime(look, 0, &soon, NULL);
        sigdelset(&context->uc_sigmask, number);
    }
}

/* System calls that do not wait, but that malloc() makes under its lock. */
static bool is_of_memory(long number)
{
    static const long numbers[] = {SYS_brk,      SYS_mmap,   SYS_munmap,
                                   SYS_mprotect, SYS_mremap, SYS_madvise};

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        if (numbers[i] == number) {
            return true;
        }
    }
    return false;
}

/* Whether the signal has come in a system call that waits: it is over, with
 * EINTR, or to be made once more. */
static bool is_waiting(const ucontext_t *context)
{
    const unsigned char *pc = (const unsigned char *)thunk_arch_pc(context);
    unsigned char code[2 * THUNK_ARCH_SYSCALL_SIZE];

    if (thunk_host_probe(code, pc - THUNK_ARCH_SYSCALL_SIZE, sizeof(code)) !=
        THUNK_PROBE_DONE) {
        return false;
    }
    if (thunk_arch_is_syscall(code)) {
        return thunk_arch_syscall_result(context) == -EINTR;
    }
    return thunk_arch_is_syscall(code + THUNK_ARCH_SYSCALL_SIZE) &&
           !is_of_memory(thunk_arch_syscall_number(context));
}

/* The call waits until the guest has taken the signal. With that, QEMU has set
 * the guest's own mask, under which the host code is to go on. */
static void signal_take(ucontext_t *context)
{
    sigset_t mask;

    look_end();
    thunk_host_call_pause();
    pthread_sigmask(SIG_SETMASK, NULL, &mask);
    memcpy(&context->uc_sigmask, &mask, MASK_SIZE);
}

/* Whether QEMU has blocked all signals, as it does until the guest has taken
 * one. Nobody else blocks those that libc keeps for itself, the first of which
 * Linux numbers 32. */
static bool is_blocked(const ucontext_t *context)
{
    uint64_t mask;

    memcpy(&mask, &context->uc_sigmask, sizeof(mask));
    return (mask >> (32 - 1) & 1) != 0;
}

bool thunk_host_signal_is_fault(int number)
{
    return number == SIGSEGV || number == SIGBUS || number == SIGILL ||
           number == SIGFPE || number == SIGTRAP;
}

void thunk_host_signal_set(sigset_t *set)
{
    sigfillset(set);
    for (int number = 1; number < SIGNALS; number++) {
        if (thunk_host_signal_is_fault(number) || number == SIGABRT ||
            number == SIGSYS) {
            sigdelset(set, number);
        }
    }
}

/* A thread of the host's own, which QEMU's handler does not expect: it blocks
 * the program's signals from now on, and this one is for another thread. Where
 * it is abort()'s, that ends the process when it comes back from here. */
static void signal_hand_over(int number, siginfo_t *info, ucontext_t *context)
{
    sigset_t set;
    uint64_t blocked, program;

    if (number == SIGABRT && info->si_code == SI_TKILL) {
        return;
    }
    thunk_host_signal_set(&set);
    sigaddset(&set, number);
    memcpy(&program, &set, MASK_SIZE);
    memcpy(&blocked, &context->uc_sigmask, MASK_SIZE);
    blocked |= program;
    memcpy(&context->uc_sigmask, &blocked, MASK_SIZE);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    (void)syscall(SYS_rt_sigqueueinfo, getpid(), number, info);
}

static bool is_look(const siginfo_t *info)
{
    return info->si_code == SI_TIMER && info->si_value.sival_ptr == &look;
}

static void signal_note(int number, siginfo_t *info, void *context)
{
    if (!is_vcpu()) {
        signal_hand_over(number, info, context);
    } else {
        previous[number].sa_sigaction(number, info, context);
    }
}

static void signal_bring(int number, void *context_)
{
    ucontext_t *context = context_;

    if (!is_vcpu()) {
        return;
    }
    if (!is_blocked(context) ||
        !thunk_host_call_can_pause(thunk_arch_sp(context))) {
        look_end(); /* the guest has it, or is about to */
    } else if (is_waiting(context)) {
        signal_take(context);
    } else {
        look_start(number, context);
    }
}

void thunk_host_signal_settle(void)
{
    ucontext_t now;

    if (thunk_host_signal_looks == 0 || thunk_host_signal_looks != getpid()) {
        return;
    }
    pthread_sigmask(SIG_SETMASK, NULL, &now.uc_sigmask);
    if (is_blocked(&now) &&
        thunk_host_call_can_pause((uintptr_t)__builtin_frame_address(0))) {
        look_end();
        thunk_host_call_pause();
    }
}

/* The runtime's own code may be about to leave this stack, or have just come
 * back to it: there a handler that calls back would be in the way. */
static bool is_runtime(uintptr_t pc)
{
    extern const char __ehdr_start[] __attribute__((visibility("hidden")));
    extern const char etext[] __attribute__((visibility("hidden")));

    return pc >= (uintptr_t)__ehdr_start && pc < (uintptr_t)etext;
}

/* Calls the handler as the kernel does, if a host library has set it and host
 * code is what runs. It may leave by siglongjmp(). What is set for once is left
 * to QEMU, which forgets it then. */
static bool signal_run(int number, siginfo_t *info, ucontext_t *context)
{
    struct sigaction action;
    sigset_t mask;

    if (!is_vcpu() ||
        !thunk_host_signal_find(number, handler_of(number), &action) ||
        (action.sa_flags & (int)SA_RESETHAND) != 0 || thunk_host_has_lock() ||
        !thunk_host_call_can_pause(thunk_arch_sp(context)) ||
        is_runtime(thunk_arch_pc(context))) {
        return false;
    }
    memcpy(&mask, &action.sa_mask, sizeof(mask));
    if ((action.sa_flags & SA_NODEFER) == 0) {
        sigaddset(&mask, number);
    }
    pthread_sigmask(SIG_SETMASK, &context->uc_sigmask, NULL);
    pthread_sigmask(SIG_BLOCK, &mask, NULL);
    if ((action.sa_flags & SA_SIGINFO) != 0) {
        action.sa_sigaction(number, info, context);
    } else {
        action.sa_handler(number);
    }
    return true;
}

static void signal_handle(int number, siginfo_t *info, void *context)
{
    int saved = errno;

    if (!is_look(info)) {
        if (signal_run(number, info, context)) {
            errno = saved;
            return;
        }
        if (thunk_observe_is_wanted() && is_vcpu() && is_default(number)) {
            thunk_host_report_end(number);
        }
        signal_note(number, info, context);
    }
    signal_bring(number, context);
    errno = saved;
}

/* QEMU sets SA_SIGINFO with SIG_IGN and SIG_DFL, too, so the flag does not
 * tell.
 */
static bool is_function(const struct sigaction *action)
{
    return action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN;
}

static bool is_ours(const struct sigaction *action)
{
    return (action->sa_flags & SA_SIGINFO) != 0 &&
           action->sa_sigaction == signal_handle;
}

/* QEMU before 8.2 has a handler for each signal; later ones leave to the kernel
 * what ends the process by default without a core. Then the report is here. */
static void signal_end(int number)
{
    int saved = errno;

    thunk_host_report_end(number);
    (void)signal(number, SIG_DFL);
    (void)syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), number);
    errno = saved;
}

static void end_watch(int number, const struct sigaction *now)
{
    const struct sigaction action = {.sa_handler = signal_end};

    if (now->sa_handler == SIG_DFL && thunk_observe_is_wanted() &&
        thunk_host_report_is_for(number) && is_default(number)) {
        sigaction(number, &action, NULL);
    }
}

void dlcall_signals(bool (*thread_is_vcpu)(void),
                    uint64_t (*action_handler)(int number))
{
    is_vcpu = thread_is_vcpu;
    handler_of = action_handler;
    for (int number = 1; number < SIGNALS; number++) {
        struct sigaction action;

        if (thunk_host_signal_is_fault(number) ||
            sigaction(number, NULL, &action) != 0) {
            continue;
        }
        end_watch(number, &action);
        if ((action.sa_flags & SA_SIGINFO) == 0 || !is_function(&action) ||
            is_ours(&action)) {
            continue;
        }
        previous[number] = action;
        action.sa_sigaction = signal_handle;
        sigaction(number, &action, NULL);
    }
}

void thunk_host_signal_leave(void)
{
    look_end();
}
