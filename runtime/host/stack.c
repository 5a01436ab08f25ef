/* SPDX-License-Identifier: MIT
 *
 * The pool of stacks, each with its call: what threads have left behind, and
 * what has to be made anew.
 *
 * A guest may never come back from a callback: it leaves by longjmp(), or its
 * thread ends. Such calls are looked for when a stack is wanted and none is
 * unused; see call_is_abandoned().
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <thunk_arch_host.h>
#include <unistd.h>

#include "convert.h"
#include "probe.h"
#include "stack.h"

enum {
    /* No access; no frame of sane code jumps over it. Every page size of our
     * hosts divides it. */
    GUARD_SIZE = 64 * 1024,
    /* Unused stacks of the process that keep their pages. */
    WARM_LIMIT = 64,
    /* Stacks that are made without looking for abandoned ones. A coroutine
     * whose stack is copied away while it waits looks abandoned: a few of them
     * shall do no harm. */
    RECLAIM_FROM = 32,
    /* Stacks, where the kernel does not tell how many mappings there can be;
     * with its own default, it would be the same. */
    LIMIT_DEFAULT = 16 * 1024 - 2,
};

static struct {
    struct thunk_host_call *unused;
    struct thunk_host_call *made;
    size_t unused_count;
    size_t made_count;
    size_t takes; /* since the last search for abandoned calls */
    size_t limit; /* of made_count; 0: not known yet */
} pool;           /* under thunk_host_lock() */

/* How many calls may be under way at a time. Each stack is two mappings, and
 * the kernel allows a process only so many: half of them are for others. */
static size_t limit_find(void)
{
    const char *wanted = getenv("THUNK_STACKS");
    unsigned long maps = 0;
    FILE *file;

    if (wanted != NULL && atol(wanted) > 0) {
        return (size_t)atol(wanted);
    }
    file = fopen("/proc/sys/vm/max_map_count", "re");
    if (file != NULL) {
        if (fscanf(file, "%lu", &maps) != 1) {
            maps = 0;
        }
        fclose(file);
    }
    return maps < 4 ? LIMIT_DEFAULT : maps / 4;
}

void thunk_host_stack_reset(struct thunk_host_call *call)
{
    fiber_reset(&call->fiber, thunk_host_stack_lowest(call), THUNK_STACK_SIZE);
    call->stack_pointer = thunk_arch_stack(call, thunk_host_call_main);
}

static struct thunk_host_call *call_new(void)
{
    char *stack =
        mmap(NULL, THUNK_STACK_SIZE, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    struct thunk_host_call *call;

    if (stack == MAP_FAILED) {
        return NULL;
    }
    if (mprotect(stack, GUARD_SIZE, PROT_NONE) != 0) {
        munmap(stack, THUNK_STACK_SIZE);
        return NULL;
    }
    /* A stack uses a few pages, not 2 MiB. A kernel without huge pages does not
     * know the advice and does not need it. */
    (void)madvise(stack, THUNK_STACK_SIZE, MADV_NOHUGEPAGE);
    call = (struct thunk_host_call *)(void *)(stack + THUNK_STACK_SIZE) - 1;
    call->check = thunk_host_check(call);
    thunk_host_stack_reset(call);
    return call;
}

/* Whether nobody can resume a suspended call: its frame is not what it was.
 * Only the host writes that pointer, and the guest's thunk keeps the frame
 * until the call is done; when it is gone, something else lies there, or
 * nothing does. As long as it looks alive it is kept. The frame is another
 * thread's, so the kernel reads it; where it may not, all calls are kept. */
static bool call_is_abandoned(struct thunk_host_call *call)
{
    struct thunk_frame *frame = __atomic_load_n(&call->frame, __ATOMIC_RELAXED);
    const struct thunk_request *request = NULL;
    enum thunk_probe probe =
        thunk_host_probe(&request, &frame->request, sizeof(request));

    return probe == THUNK_PROBE_ABSENT ||
           (probe == THUNK_PROBE_DONE && request != &call->request);
}

/* Puts all abandoned calls into the pool, with the lock held. A call that was
 * suspended in the same turn before and after its frame was looked at was so
 * all the time; and if it is abandoned, its turn does not end by itself. So the
 * thread that resumes a call needs no atomic operation for this. */
static void pool_reclaim(void)
{
    struct thunk_host_call *call = pool.made;

    for (; call != NULL; call = call->next_made) {
        uint64_t turn = __atomic_load_n(&call->turns, __ATOMIC_ACQUIRE);

        if (turn % 2 == 1 && call_is_abandoned(call) &&
            __atomic_compare_exchange_n(&call->turns, &turn, turn + 1, false,
                                        __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
            thunk_host_stack_reset(call);
            thunk_host_blocks_free(&call->blocks, NULL);
            call->observation.entry = NULL; /* nobody ends it */
            call->next = pool.unused;
            pool.unused = call;
            pool.unused_count++;
        }
    }
}

/* From the pool, or NULL. The search goes over all calls, so it is made only
 * every so many times: its cost for each stack is bounded. */
static struct thunk_host_call *pool_take(void)
{
    struct thunk_host_call *call;

    thunk_host_lock();
    pool.takes++;
    if (pool.unused == NULL && pool.made_count >= RECLAIM_FROM &&
        pool.takes > pool.made_count / 2) {
        pool_reclaim();
        pool.takes = 0;
    }
    call = pool.unused;
    if (call != NULL) {
        pool.unused = call->next;
        pool.unused_count--;
    }
    thunk_host_unlock();
    return call;
}

struct thunk_stack_count thunk_host_stack_count(void)
{
    struct thunk_stack_count count;

    thunk_host_lock();
    if (pool.limit == 0) {
        pool.limit = limit_find();
    }
    count = (struct thunk_stack_count){pool.made_count, pool.limit};
    thunk_host_unlock();
    return count;
}

struct thunk_host_call *thunk_host_stack_take(void)
{
    struct thunk_host_call *call = pool_take();
    struct thunk_stack_count count;

    if (call != NULL) {
        return call;
    }
    count = thunk_host_stack_count();
    if (count.made >= count.limit) {
        return NULL;
    }
    call = call_new();
    if (call != NULL) {
        thunk_host_lock();
        call->next_made = pool.made;
        pool.made = call;
        pool.made_count++;
        thunk_host_unlock();
    }
    return call;
}

void thunk_host_stack_give(struct thunk_host_call *call)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *lower = thunk_host_stack_lowest(call) + GUARD_SIZE;
    char *upper = (char *)((uintptr_t)call & ~(uintptr_t)(page - 1));

    thunk_host_lock();
    if (pool.unused_count >= WARM_LIMIT) {
        thunk_host_stack_reset(call); /* on the upmost page, which stays */
        (void)madvise(lower, (size_t)(upper - lower), MADV_DONTNEED);
    }
    call->next = pool.unused;
    pool.unused = call;
    pool.unused_count++;
    thunk_host_unlock();
}
