/* SPDX-License-Identifier: MIT
 *
 * The plain scheme, to compare with: what a thunk for QEMU looks like where
 * nothing but the dlcall protocol is used. Written by hand, on the same plugin
 * and for the same host functions as calls/bench.h.
 *
 *   - arguments cross as an array of pointers to them;
 *   - a call is one system call, always;
 *   - a callback suspends the host call: the system call returns with what the
 *     guest is to run, and one more system call for each callback resumes it.
 *
 * It does what it must and no more: no errno, no check, no look-up, no stack of
 * its own for what cannot call back. So it is a low estimate of what such
 * systems cost.
 */
#ifndef PLAIN_H
#define PLAIN_H

#include <stdbool.h>
#include <stddef.h>

typedef int (*plain_callback)(int value);

/* What both halves share; on the guest's stack. */
struct plain_call {
    void (*function)(void *arguments, void *result); /* host */
    void **arguments;
    void *result;
    void *fiber; /* the host's, while the call is suspended */

    /* What the guest is to run; NULL: the call is done. */
    plain_callback callback;
    void **callback_arguments;
    void *callback_result;
};

/* The host half exports these, for THUNK_INVOKE_PROC. */
#define PLAIN_ADD    "plain_host_add"    /* arguments, result */
#define PLAIN_REPEAT "plain_host_repeat" /* the same, by ENTER */
#define PLAIN_NEST   "plain_host_nest"   /* the same, by ENTER */
#define PLAIN_ENTER  "plain_host_enter"  /* struct plain_call *, unused */
#define PLAIN_RESUME "plain_host_resume" /* struct plain_call *, unused */

/* The guest half. False: there is no plugin, or no such host library. */
bool plain_open(const char *host_library);

/* The sum by the guest itself: a call into another library as a program makes
 * it that has no thunk. */
int plain_emulated(int a, int b, int c);

/* bench_leaf(), bench_call_fast() and bench_nest_fast() of the host. */
int plain_add(int a, int b, int c);
int plain_call_back(plain_callback callback, int count);
int plain_nest(plain_callback callback, int depth);

#endif
