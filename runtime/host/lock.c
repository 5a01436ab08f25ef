/* SPDX-License-Identifier: MIT
 *
 * One lock for all that the host runtime seldom does under a lock: making and
 * sharing stacks, making trampolines, counting; and one that is the last that a
 * thread takes, for what may come anywhere.
 */
#include <pthread.h>

#include "host.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t last_lock = PTHREAD_MUTEX_INITIALIZER;

/* How many of them this thread has, or is about to take. */
static __thread volatile sig_atomic_t held
    __attribute__((tls_model("initial-exec")));

void thunk_host_lock(void)
{
    held++;
    pthread_mutex_lock(&lock);
}

bool thunk_host_try_lock(void)
{
    bool is_taken;

    held++;
    is_taken = pthread_mutex_trylock(&lock) == 0;
    held -= !is_taken;
    return is_taken;
}

void thunk_host_unlock(void)
{
    pthread_mutex_unlock(&lock);
    held--;
}

void thunk_host_lock_last(void)
{
    held++;
    pthread_mutex_lock(&last_lock);
}

void thunk_host_unlock_last(void)
{
    pthread_mutex_unlock(&last_lock);
    held--;
}

bool thunk_host_has_lock(void)
{
    return held != 0;
}

static void fork_prepare(void)
{
    thunk_host_lock();
    thunk_host_lock_last();
}

static void fork_done(void)
{
    thunk_host_unlock_last();
    thunk_host_unlock();
}

/* A fork must not leave the child with a lock that nobody will open. */
__attribute__((constructor)) static void lock_guard_fork(void)
{
    pthread_atfork(fork_prepare, fork_done, fork_done);
}
