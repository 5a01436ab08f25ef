/* SPDX-License-Identifier: MIT
 *
 * Thread-local variables that both sides write. Each thread of the guest has
 * one, and so has the host thread that runs its calls. As with other variables,
 * what one side has changed since they were last alike is copied to the other:
 * by the side that is entered, since only that one knows where its own is. So
 * with each call the guest sends where its variables are, and with each
 * callback the host does, in frame->request, which nobody needs by then.
 */
#ifndef THUNK_THREAD_DATA_H
#define THUNK_THREAD_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One variable of one guest thread. A call has an array of them, in the order
 * of the library's variables; it lies in the guest's thread-local memory. */
struct thunk_thread_datum {
    void *guest;
    void *host;  /* NULL: no call of this thread has found it yet */
    void *alike; /* the value on which both agreed last */
    uint64_t size;
};

/* Copies `from`, one of the two places, to the other if it has changed. By
 * bytes: the guest's memcpy() may use instructions that QEMU refuses on the
 * host's memory. */
static inline void
thunk_thread_datum_settle(const struct thunk_thread_datum *at, void *to,
                          const void *from)
{
    const volatile char *source = from;
    volatile char *copy = to, *alike = at->alike;

    for (uint64_t i = 0; i < at->size; i++) {
        if (source[i] != alike[i]) {
            for (uint64_t j = 0; j < at->size; j++) {
                copy[j] = alike[j] = source[j];
            }
            return;
        }
    }
}

#endif
