/* SPDX-License-Identifier: MIT
 *
 * Keeps fork() and the search for libraries apart. A child that is born while
 * another thread is inside dlopen(), the guest's or the host's, has a dynamic
 * linker that no thread will ever put in order again: its next dlopen() fails
 * an assertion or crashes. A program that only links a library does not expect
 * that of its first call, so fork() waits for what is under way.
 *
 * Nobody waits for ever. A thread that forks, or is interrupted, in the middle
 * of its own search goes ahead, and so does everyone whose patience ends: a
 * signal handler may have left a search by longjmp().
 */
#include <limits.h>
#include <pthread.h>
#include <time.h>

#include "guest.h"

enum {
    FORKING = -1,
    PAUSE = 100 * 1000,   /* nanoseconds between two looks */
    PATIENCE = 20 * 1000, /* looks: two seconds and more */
};

static int searches; /* under way, or FORKING */

/* Of this thread. A signal handler, or one of pthread_atfork(), may find it in
 * whatever state. */
static __thread struct {
    int depth;
    bool is_counted; /* in `searches` */
    bool is_forking; /* and has said so there */
} self __attribute__((tls_model("initial-exec")));

/* Adds to `searches` as soon as it is between 0 and `most`. */
static bool searches_add(int change, int most)
{
    const struct timespec pause = {.tv_nsec = PAUSE};

    for (int look = 0; look < PATIENCE; look++) {
        int value = __atomic_load_n(&searches, __ATOMIC_ACQUIRE);

        while (value >= 0 && value <= most) {
            if (__atomic_compare_exchange_n(&searches, &value, value + change,
                                            false, __ATOMIC_ACQ_REL,
                                            __ATOMIC_ACQUIRE)) {
                return true;
            }
        }
        nanosleep(&pause, NULL);
    }
    return false;
}

void thunk_guest_search_begin(void)
{
    if (self.depth++ == 0 && !self.is_forking) {
        self.is_counted = searches_add(1, INT_MAX - 1);
    }
}

void thunk_guest_search_end(void)
{
    if (--self.depth == 0 && self.is_counted) {
        self.is_counted = false;
        __atomic_fetch_sub(&searches, 1, __ATOMIC_ACQ_REL);
    }
}

static void fork_prepare(void)
{
    if (self.depth == 0) {
        self.is_forking = searches_add(FORKING, 0);
    }
}

static void fork_parent(void)
{
    if (self.is_forking) {
        self.is_forking = false;
        __atomic_store_n(&searches, 0, __ATOMIC_RELEASE);
    }
}

/* The other threads are not there any more, nor are their searches. */
static void fork_child(void)
{
    self.is_forking = false;
    __atomic_store_n(&searches, self.is_counted ? 1 : 0, __ATOMIC_RELEASE);
}

__attribute__((constructor)) static void fork_watch(void)
{
    (void)pthread_atfork(fork_prepare, fork_parent, fork_child);
}
