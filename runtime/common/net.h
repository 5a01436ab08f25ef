/* SPDX-License-Identifier: MIT
 *
 * Calls without a type as both runtimes make them: from the registers of one
 * calling convention to those of another.
 */
#ifndef THUNK_NET_COMMON_H
#define THUNK_NET_COMMON_H

#include <string.h>
#include <thunk/net.h>
#include <thunk_arch_net.h>

#include "thunk_net.h"

_Static_assert(
    offsetof(struct thunk_net_frame, integers) == THUNK_NET_INTEGERS &&
        offsetof(struct thunk_net_frame, floats) == THUNK_NET_FLOATS &&
        offsetof(struct thunk_net_frame, indirect) == THUNK_NET_INDIRECT &&
        offsetof(struct thunk_net_frame, stack) == THUNK_NET_STACK &&
        offsetof(struct thunk_net_frame, words) == THUNK_NET_WORDS &&
        sizeof(struct thunk_net_frame) == THUNK_NET_SIZE,
    "net_enter.S and net_run.S know it");

/* In assembly. thunk_net_enter() is what trampolines and stubs without a type
 * go to: it stores the registers of its caller, whatever type that thinks to
 * call, has thunk_net_pass() make the call, and returns its results.
 * thunk_net_run() calls a function with the registers and words of a frame and
 * stores its results. */
void thunk_net_enter(void);
void thunk_net_run(thunk_function function, struct thunk_net_frame *frame);

/* Each runtime's own: the other side runs the function, which thunk_net_enter's
 * trampoline or stub has noted. */
void thunk_net_pass(struct thunk_net_frame *frame);

/* The registers are of this side: after thunk_net_enter() or thunk_net_run().
 */
static inline void thunk_net_give(struct thunk_net_frame *frame)
{
    frame->integer_count = THUNK_ARCH_INTEGERS;
    frame->machine = THUNK_ARCH_MACHINE;
}

/* Values of the other side become such as this side has in its registers. */
static inline void thunk_net_take(struct thunk_net_frame *frame)
{
    if (frame->machine == THUNK_ARCH_MACHINE) {
        return;
    }
    for (size_t i = 0; i < THUNK_NET_INTEGER_COUNT; i++) {
        frame->integers[i] = thunk_arch_net_integer(frame->integers[i]);
    }
    for (size_t i = 0; i < THUNK_NET_FLOAT_COUNT; i++) {
        frame->floats[i][0] = thunk_arch_net_float(frame->floats[i][0]);
    }
}

/* Has this side run a function with registers of the other side. Integers that
 * have no register on the one side and have one on the other are moved, taking
 * the words on the stack for integers; between equal conventions nothing is, so
 * there the stack may hold anything. */
static inline void thunk_net_call(thunk_function function,
                                  struct thunk_net_frame *frame)
{
    const size_t given = frame->integer_count;
    uint64_t all[THUNK_NET_INTEGER_COUNT + THUNK_NET_WORD_COUNT] = {0};

    if (given != THUNK_ARCH_INTEGERS && given <= THUNK_NET_INTEGER_COUNT) {
        memcpy(all, frame->integers, given * sizeof(all[0]));
        memcpy(all + given, frame->words, sizeof(frame->words));
        memcpy(frame->integers, all, sizeof(frame->integers));
        memcpy(frame->words, all + THUNK_ARCH_INTEGERS, sizeof(frame->words));
    }
    thunk_net_take(frame);
    thunk_net_run(function, frame);
    thunk_net_give(frame);
}

#endif
