/* SPDX-License-Identifier: MIT
 *
 * The host jumps to a guest function: a library has found its address in a
 * struct of the program's. The page is not executable for the host, so the
 * processor reports a fault at the very address that it was to execute. If the
 * address was adopted, the thread goes on at its trampoline, with registers and
 * stack as the caller left them; if not, where these are taken along whatever
 * they are (net.c).
 *
 * Any other fault inside host code is a crash of the program, most likely for a
 * bad pointer that it passed. The call is given up and the guest gets its
 * SIGSEGV, so that it dies, or goes on in its handler, as it would natively.
 *
 * QEMU has handlers of its own for faults of translated code; they are kept,
 * with their mask and flags, and get everything else. QEMU does not touch the
 * host's handlers for these two signals later on, whatever the guest installs.
 */
#include <dlfcn.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <thunk_arch_host.h>

#include "host.h"
#include "net.h"

static struct sigaction previous_segv, previous_bus;

/* Of this thread's last crash. */
static __thread struct {
    uintptr_t pc;
    uintptr_t address;
} crash __attribute__((tls_model("initial-exec")));

/* `place` is in the code that has made the access, or the jump. */
static void crash_tell(const char *kind, uintptr_t address, uintptr_t place)
{
    Dl_info info = {0};

    (void)dladdr((void *)place, &info);
    thunk_log(THUNK_LOG_ERROR,
              "host code crashed: %s to 0x%llx at 0x%llx, in %s of %s", kind,
              (unsigned long long)address, (unsigned long long)place,
              info.dli_sname == NULL ? "an unnamed function" : info.dli_sname,
              info.dli_fname == NULL ? "no library" : info.dli_fname);
}

/* Where the thread goes on after host code has crashed. QEMU must not see such
 * a fault: it would take it for one of translated code and jump back to where
 * that was started, which on the syscall door has long returned. */
static void crash_report(void)
{
    crash_tell("access", crash.address, crash.pc);
    thunk_host_call_abandon();
}

void thunk_host_fault_jump(uintptr_t address, uintptr_t caller)
{
    crash_tell("jump", address, caller);
    if (thunk_host_call_is_running()) {
        thunk_host_call_abandon();
    }
    signal(SIGSEGV, SIG_DFL);
    raise(SIGSEGV);
    abort();
}

static void fault_pass_on(int number, siginfo_t *info, void *context)
{
    const struct sigaction *previous =
        number == SIGSEGV ? &previous_segv : &previous_bus;

    if ((previous->sa_flags & SA_SIGINFO) != 0) {
        previous->sa_sigaction(number, info, context);
    } else if (previous->sa_handler == SIG_DFL ||
               previous->sa_handler == SIG_IGN) {
        /* Neither can be called. A fault comes again under it; a signal that
         * was sent has to be sent again. */
        sigaction(number, previous, NULL);
        if (info->si_code <= 0) {
            raise(number);
        }
    } else {
        previous->sa_handler(number);
    }
}

/* Whether no vCPU stands behind this thread, as far as can be told: one that
 * has not made a call yet looks the same. */
static bool thread_is_of_host(void)
{
    return thunk_host_thread_has_partner() ||
           (!thunk_host_call_is_registered() && !thunk_host_thread_serves());
}

/* No adopted pointer, and no call that could be given up. QEMU's handler is for
 * vCPUs; it is asked only where this may be one. */
static void thread_crash(int number, siginfo_t *info, void *context)
{
    if (!thunk_host_thread_has_partner()) {
        fault_pass_on(number, info, context);
        return;
    }
    thunk_log(THUNK_LOG_ERROR,
              "a thread of the host's own crashed: access to 0x%llx at 0x%llx",
              (unsigned long long)(uintptr_t)info->si_addr,
              (unsigned long long)thunk_arch_pc(context));
    signal(number, SIG_DFL); /* the fault comes again */
}

static void fault_handle(int number, siginfo_t *info, void *context)
{
    uintptr_t pc = thunk_arch_pc(context);
    thunk_function trampoline = NULL;

    /* A positive si_code is the kernel's; kill() cannot pretend to one. */
    if (info->si_code <= 0 ||
        (!thunk_host_call_is_running() && !thread_is_of_host())) {
        fault_pass_on(number, info, context);
        return;
    }
    if ((uintptr_t)info->si_addr == pc) {
        trampoline = thunk_host_trampoline_fault(pc);
        if (trampoline == NULL) {
            trampoline = thunk_host_net_enter(pc);
        }
        thunk_host_call_count_fault();
        thunk_arch_pc_set(context, (uintptr_t)trampoline);
        return;
    }
    if (!thunk_host_call_is_running()) {
        thread_crash(number, info, context);
        return;
    }
    crash.pc = pc;
    crash.address = (uintptr_t)info->si_addr;
    thunk_arch_go(context, crash_report);
}

static bool handler_install(int number, struct sigaction *previous)
{
    struct sigaction action;

    if (sigaction(number, NULL, previous) != 0) {
        return false;
    }
    action = *previous;
    action.sa_flags |= SA_SIGINFO;
    action.sa_flags &= ~(int)SA_RESETHAND;
    action.sa_sigaction = fault_handle;
    return sigaction(number, &action, NULL) == 0;
}

void thunk_host_fault_handler_install(void)
{
    if (!handler_install(SIGSEGV, &previous_segv) ||
        !handler_install(SIGBUS, &previous_bus)) {
        thunk_log(THUNK_LOG_ERROR, "cannot catch SIGSEGV: function pointers in "
                                   "structs will not work");
    }
}
