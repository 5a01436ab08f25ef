/* SPDX-License-Identifier: MIT
 *
 * Calls and the stacks that they run on. The two are one object: a call lies at
 * the upper end of its stack, and both are there as long as the process. Unused
 * ones wait in a pool for whatever thread wants one; call.c keeps some for each
 * thread, and runs them.
 */
#ifndef THUNK_HOST_STACK_H
#define THUNK_HOST_STACK_H

#include "fiber.h"
#include "host.h"
#include "observe.h"

enum {
    /* As much as the main thread of a program has by default. Only the pages
     * that are used are ever there. */
    THUNK_STACK_SIZE = 8 * 1024 * 1024,
};

/* How the host code of a call came to a stop. The guest's frame says the same,
 * but only code on the call's own stack, where a fault is caught, may touch
 * that: the guest may have said anything of where it is. */
enum thunk_outcome {
    CALL_DONE,
    CALL_SUSPENDED,
    CALL_REFUSED,
    CALL_CRASHED,
    CALL_MISTAKEN
};

struct thunk_host_call {
    void *stack_pointer; /* of the call, while it is not running */
    void *door_pointer;  /* of the vCPU's stack, while it is */
    const struct thunk_host_entry *entry;
    struct thunk_frame *frame;
    int *error; /* errno's place on the thread that runs it */
    enum thunk_outcome outcome;
    struct thunk_request request;
    uint64_t check; /* thunk_host_check(), of its own address */
    uint64_t turns; /* odd while it is suspended; never the same again */
    struct thunk_host_call *next;      /* in a list of unused ones */
    struct thunk_host_call *next_made; /* in the list of all */
    struct thunk_fiber fiber;
    const struct thunk_host_target *target; /* of the last callback */
    struct thunk_frame *mistaken;    /* that was to be resumed in its place */
    struct thunk_host_block *blocks; /* for copies; a crash leaves them */
    struct thunk_observation observation;
} __attribute__((aligned(16))); /* the stack below it must be */

/* How many stacks there are, and may be. */
struct thunk_stack_count {
    size_t made, limit;
};

/* First code on every stack: runs one call after the other. In call.c. */
void thunk_host_call_main(void);

static inline char *thunk_host_stack_lowest(struct thunk_host_call *call)
{
    return (char *)(call + 1) - THUNK_STACK_SIZE;
}

/* Makes a call ready to start, whatever was on its stack. */
void thunk_host_stack_reset(struct thunk_host_call *call);

/* An unused call; NULL: there is no memory, or there are as many as may be. */
struct thunk_host_call *thunk_host_stack_take(void);

/* Hands an unused call to the process. */
void thunk_host_stack_give(struct thunk_host_call *call);

struct thunk_stack_count thunk_host_stack_count(void);

#endif
