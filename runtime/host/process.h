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

/* Gives what has been opened since the last time, and came with it, what it has
 * in common with the program: `library` is the handle of the one that was
 * opened. Without the lock: it looks for symbols. */
void thunk_host_objects_settle(void *library,
                               const struct thunk_attachment *attachment);

/* What objects import of the environment; once, with the lock held. */
struct thunk_imports
thunk_host_environment_imports(const struct thunk_attachment *attachment);

/* The program's environment, or where there is none QEMU's. */
char **thunk_host_environment(void);

/* Gives libc the program's name for its messages. */
void thunk_host_name_settle(void);

/* What has them set signals' actions in the program's table. */
struct thunk_imports thunk_host_signals_imports(void);

/* Whether a host library has set `handler` as the signal's, and then how. From
 * signal handlers. */
bool thunk_host_signal_find(int number, uint64_t handler,
                            struct sigaction *action);

/* What has objects that end the process do so for the program, and what they
 * give to atexit() run when the program ends. */
struct thunk_imports thunk_host_end_imports(void);

/* Takes from an attachment what has the guest call a handler. With the lock
 * held. */
void thunk_host_end_start(const struct thunk_attachment *attachment);

/* Runs a handler for the end, by its number, if it has not run yet; 0: the last
 * of those for quick_exit(). */
void thunk_host_handler_run(uint64_t number, int status);

/* The end of what the process has on the host, once the program has called
 * exit() and its libraries are at their end. */
void thunk_host_finish(void);

/* Those that code causes itself, which are never the program's to wait for. */
bool thunk_host_signal_is_fault(int number);

/* A signal is about to end the process: what is observed is reported first, by
 * a thread that is started before. */
void thunk_host_report_start(void);
bool thunk_host_report_is_for(int number);
void thunk_host_report_end(int number);

/* Where host code has sent its own process a signal: natively, the program's
 * handler runs before that returns. */
void thunk_host_signal_settle(void);

#endif
