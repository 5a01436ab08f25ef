/* SPDX-License-Identifier: MIT
 *
 * The report of a process that a signal is about to end. Its handler may have
 * come anywhere, also where malloc()'s lock is held, so a thread of its own
 * reports, and the handler waits for it, but not for ever: what it has
 * interrupted may hold what the thread needs.
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <time.h>

#include "host.h"
#include "observe.h"
#include "process.h"

enum { PATIENCE = 1 }; /* seconds */

static sem_t wanted, done;
static bool has_thread;

static void *reporter_run(void *unused)
{
    (void)unused;
    for (;;) {
        if (sem_wait(&wanted) == 0) {
            thunk_observe_leave_process();
            sem_post(&done);
        }
    }
    return NULL;
}

static void reporter_start(void)
{
    pthread_t thread;
    sigset_t set, before;

    sem_init(&wanted, 0, 0);
    sem_init(&done, 0, 0);
    sigfillset(&set);
    pthread_sigmask(SIG_BLOCK, &set, &before);
    has_thread = pthread_create(&thread, NULL, reporter_run, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (has_thread) {
        pthread_detach(thread);
    }
}

static void reporter_make(void)
{
    reporter_start();
    /* A child has none of its parent's threads. */
    (void)pthread_atfork(NULL, NULL, reporter_start);
}

void thunk_host_report_start(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, reporter_make);
}

/* Those that Linux ends a process by (signal(7)). */
bool thunk_host_report_is_for(int number)
{
    switch (number) {
    case SIGCHLD:
    case SIGCONT:
    case SIGKILL:
    case SIGSTOP:
    case SIGTSTP:
    case SIGTTIN:
    case SIGTTOU:
    case SIGURG:
    case SIGWINCH:
        return false;
    default:
        return true;
    }
}

void thunk_host_report_end(int number)
{
    struct timespec end;

    if (!has_thread || !thunk_host_report_is_for(number)) {
        return;
    }
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += PATIENCE;
    sem_post(&wanted);
    while (sem_timedwait(&done, &end) != 0 && errno == EINTR) {
    }
}
