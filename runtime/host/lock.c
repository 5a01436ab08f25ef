/* SPDX-License-Identifier: MIT
 *
 * One lock for all that the host runtime seldom does under a lock: making and
 * sharing stacks, making trampolines, counting.
 */
#include <pthread.h>

#include "host.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void thunk_host_lock(void)
{
    pthread_mutex_lock(&lock);
}

bool thunk_host_try_lock(void)
{
    return pthread_mutex_trylock(&lock) == 0;
}

void thunk_host_unlock(void)
{
    pthread_mutex_unlock(&lock);
}

/* A fork must not leave the child with a lock that nobody will open. */
__attribute__((constructor)) static void lock_guard_fork(void)
{
    pthread_atfork(thunk_host_lock, thunk_host_unlock, thunk_host_unlock);
}
