/* SPDX-License-Identifier: MIT
 *
 * What a library of the host's finds of the process that it is in: signals, and
 * the program's environment.
 */
#ifndef THUNK_HOST_PROCESS_H
#define THUNK_HOST_PROCESS_H

#include <signal.h>

#include "host.h"
#include "imports.h"

/* One more than the last. */
#define THUNK_HOST_SIGNALS 65

/* Put the runtime's functions in place of those that the host's library calls,
 * once it is open. With the lock held. */
void thunk_host_signals_settle(const struct thunk_host_library *library);

/* Gives what has been opened since the last time, and came with it, the
 * program's environment, name and heap: `library` is the handle of the one that
 * was opened. Without the lock: it looks for symbols. */
void thunk_host_objects_settle(void *library,
                               const struct thunk_attachment *attachment);

/* What objects import of the environment; once, with the lock held. */
struct thunk_imports
thunk_host_environment_imports(const struct thunk_attachment *attachment);

/* The program's environment, or where there is none QEMU's. */
char **thunk_host_environment(void);

/* Gives libc the program's name for its messages. */
void thunk_host_name_settle(void);

/* What has objects that end the process do so for the program, and what they
 * give to atexit() run when the program ends. */
struct thunk_imports thunk_host_end_imports(void);

/* The end of what the process has on the host, once the program has called
 * exit() and its libraries are at their end. */
void thunk_host_finish(void);

/* Those that code causes itself, which are never the program's to wait for. */
bool thunk_host_signal_is_fault(int number);

/* Whether it is the same signal again, for which nothing is to be noted. */
bool thunk_host_signal_is_look(const siginfo_t *info);

/* What a signal handler does for the program: has QEMU note the signal; and
 * lets the guest take it if host code waits now, or soon. */
void thunk_host_signal_note(int number, siginfo_t *info, void *context);
void thunk_host_signal_bring(int number, void *context);

/* A signal is about to end the process: what is observed is reported first, by
 * a thread that is started before. */
void thunk_host_report_start(void);
bool thunk_host_report_is_for(int number);
void thunk_host_report_end(int number);

/* Where host code has sent its own process a signal: natively, the program's
 * handler runs before that returns. */
void thunk_host_signal_settle(void);

/* Whether a handler is called. QEMU sets SA_SIGINFO with SIG_IGN and SIG_DFL,
 * too, so the flag does not tell. */
bool thunk_host_signal_is_function(const struct sigaction *action);

/* Whether the action is this runtime's for the program, or for a library. */
bool thunk_host_signal_is_ours(const struct sigaction *action);
bool thunk_host_signal_is_library(const struct sigaction *action);

#endif
