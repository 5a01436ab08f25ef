/* SPDX-License-Identifier: MIT
 *
 * The host half of the plain scheme: libplain-host.so. A call that may call
 * back runs on a fiber, a stack of its own that is left and entered by the C
 * library's setjmp and longjmp.
 */
#include "plain.h"

#include <setjmp.h>
#include <stdlib.h>
#include <ucontext.h>

#include "bench.h"

#define PLAIN_EXPORT __attribute__((visibility("default")))

enum { STACK_SIZE = 64 * 1024 };

struct fiber {
    jmp_buf inside;
    jmp_buf outside;
    ucontext_t birth, mother; /* until it has run once */
    struct plain_call *call;
    plain_callback target; /* the guest's, of the call */
    struct fiber *outer;   /* the one that ran before, or the next unused */
    char stack[STACK_SIZE];
};

static _Thread_local struct fiber *current;
static _Thread_local struct fiber *unused; /* stay until the process ends */

PLAIN_EXPORT void plain_host_add(void *arguments, void *result);
PLAIN_EXPORT void plain_host_repeat(void *arguments, void *result);
PLAIN_EXPORT void plain_host_nest(void *arguments, void *result);
PLAIN_EXPORT void plain_host_enter(void *call, void *nothing);
PLAIN_EXPORT void plain_host_resume(void *call, void *nothing);

static void fiber_leave(struct fiber *fiber)
{
    if (_setjmp(fiber->inside) == 0) {
        _longjmp(fiber->outside, 1);
    }
}

static void fiber_run(struct fiber *fiber)
{
    fiber->outer = current;
    current = fiber;
    if (_setjmp(fiber->outside) == 0) {
        _longjmp(fiber->inside, 1);
    }
    current = fiber->outer;
}

static void fiber_main(void)
{
    struct fiber *fiber = current;

    if (_setjmp(fiber->inside) == 0) {
        swapcontext(&fiber->birth, &fiber->mother);
    }
    for (;;) {
        struct plain_call *call = fiber->call;

        call->function(call->arguments, call->result);
        call->callback = NULL;
        fiber_leave(fiber);
    }
}

/* Once for each fiber, so the slow functions may do it. */
static struct fiber *fiber_new(void)
{
    struct fiber *fiber = malloc(sizeof(*fiber)), *before = current;

    if (fiber == NULL || getcontext(&fiber->birth) != 0) {
        abort();
    }
    fiber->birth.uc_stack.ss_sp = fiber->stack;
    fiber->birth.uc_stack.ss_size = sizeof(fiber->stack);
    fiber->birth.uc_link = NULL;
    makecontext(&fiber->birth, fiber_main, 0);
    current = fiber;
    swapcontext(&fiber->mother, &fiber->birth);
    current = before;
    return fiber;
}

void plain_host_add(void *arguments, void *result)
{
    void **values = arguments;

    *(int *)result =
        bench_leaf(*(int *)values[0], *(int *)values[1], *(int *)values[2]);
}

/* What the host function is given in place of the guest's. */
static int trampoline(int value)
{
    struct fiber *fiber = current;
    void *arguments[] = {&value};
    int result;

    fiber->call->callback = fiber->target;
    fiber->call->callback_arguments = arguments;
    fiber->call->callback_result = &result;
    fiber_leave(fiber);
    return result;
}

void plain_host_repeat(void *arguments, void *result)
{
    void **values = arguments;

    current->target = *(plain_callback *)values[0];
    *(int *)result = bench_call_fast(trampoline, *(int *)values[1]);
}

void plain_host_nest(void *arguments, void *result)
{
    void **values = arguments;

    current->target = *(plain_callback *)values[0];
    *(int *)result = bench_nest_fast(trampoline, *(int *)values[1]);
}

void plain_host_resume(void *call, void *nothing)
{
    struct fiber *fiber = ((struct plain_call *)call)->fiber;

    (void)nothing;
    fiber_run(fiber);
    if (fiber->call->callback == NULL) {
        fiber->outer = unused;
        unused = fiber;
    }
}

void plain_host_enter(void *call, void *nothing)
{
    struct fiber *fiber = unused;

    if (fiber != NULL) {
        unused = fiber->outer;
    } else {
        fiber = fiber_new();
    }
    fiber->call = call;
    fiber->call->fiber = fiber;
    plain_host_resume(call, nothing);
}
