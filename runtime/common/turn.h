/* SPDX-License-Identifier: MIT
 *
 * Waiting for a word in memory that the other side of the door writes, as both
 * runtimes do it.
 */
#ifndef THUNK_TURN_H
#define THUNK_TURN_H

#include <errno.h>
#include <linux/futex.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static inline uint32_t turn_load(const uint32_t *word)
{
    return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

/* Sets the word and wakes who waits for that. All that was written before is
 * seen by then. The word may be used for something else right away: what comes
 * to a waiter of that is a wake-up for nothing, which each looks out for. */
static inline void turn_pass(uint32_t *word, uint32_t value)
{
    int saved = errno;

    __atomic_store_n(word, value, __ATOMIC_RELEASE);
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT32_MAX, NULL, NULL, 0);
    errno = saved;
}

/* Sleeps while the word has that value, but no longer than the limit, if there
 * is one; may return for no reason at all. */
static inline void turn_sleep(const uint32_t *word, uint32_t value,
                              const struct timespec *limit)
{
    int saved = errno;

    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, limit, NULL, 0);
    errno = saved;
}

#endif
