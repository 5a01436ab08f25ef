/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "signals.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

#include "copy.h"
#include "procs.h"
#include "thunk/protocol.h"

enum { SIGNALS = 65 /* one more than the last */ };

/* rt_sigaction's number for the guest */
static int64_t sigaction_number;

/* Of a loaded library */
static thunk_signals *_Atomic tell;

/* What the program has set; SIG_DFL (0) and SIG_IGN (1) are the same numbers on
 * all ISAs. */
static _Atomic uint64_t handlers[SIGNALS];

/* What this thread's rt_sigaction() sets; 0: nothing. */
static _Thread_local struct {
    uint64_t signal, handler;
} setting __attribute__((tls_model("initial-exec")));

/* A vCPU's thread makes system calls before it may be sent anything: libc's
 * threads begin with all signals blocked. */
static _Thread_local bool has_made_syscall
    __attribute__((tls_model("initial-exec")));

static bool thread_is_vcpu(void)
{
    return has_made_syscall;
}

static uint64_t action_handler(int signal)
{
    return signal > 0 && signal < SIGNALS
               ? atomic_load_explicit(&handlers[signal], memory_order_relaxed)
               : 0;
}

void signals_install(const char *target)
{
    sigaction_number = strcmp(target, "x86_64") == 0 ? 13 : 134;
}

void signals_start(void *handle)
{
    thunk_signals *found = NULL;

    if (handle && !atomic_load(&tell)) {
        found = (thunk_signals *)(uintptr_t)dlsym(handle, THUNK_SIGNALS_SYMBOL);
        (void)dlerror(); /* few libraries have it */
    }
    if (found) {
        atomic_store(&tell, found);
        found(thread_is_vcpu, action_handler);
    }
}

void signals_forget(void)
{
    if (!procs_is_code((uintptr_t)atomic_load(&tell))) {
        atomic_store(&tell, NULL);
    }
}

void signals_vcpu(void)
{
    has_made_syscall = true;
}

void signals_see(int64_t number, const uint64_t arguments[6], uint64_t base)
{
    if (number == sigaction_number) {
        const int saved = errno;

        setting.signal = 0;
        if (arguments[0] < SIGNALS && arguments[1] != 0 &&
            copy_memory(&setting.handler,
                        (void *)(uintptr_t)(arguments[1] + base),
                        sizeof setting.handler)) {
            setting.signal = arguments[0];
        }
        errno = saved;
    }
}

void signals_see_result(int64_t number, int64_t result)
{
    if (number == sigaction_number) {
        thunk_signals *found = atomic_load(&tell);
        const int saved = errno;

        if (result == 0 && setting.signal != 0) {
            atomic_store(&handlers[setting.signal], setting.handler);
        }
        if (found) {
            found(thread_is_vcpu, action_handler);
        }
        errno = saved;
    }
}
