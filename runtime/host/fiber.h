/* SPDX-License-Identifier: MIT
 *
 * What the sanitizers must know of stacks that are switched. ThreadSanitizer:
 * each stack has its own call chain. AddressSanitizer: nothing is left of what
 * was on a stack that is given up. Nothing at all in other builds.
 */
#ifndef THUNK_FIBER_H
#define THUNK_FIBER_H

#include <stddef.h>

/* clang tells it in this way, gcc by the macros */
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define __SANITIZE_THREAD__ 1
#elif __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif

#ifdef __SANITIZE_THREAD__

#include <sanitizer/tsan_interface.h>

struct thunk_fiber {
    void *own, *door;
};

/* Forgets what was on the stack, and starts it anew. */
static inline void fiber_reset(struct thunk_fiber *fiber, void *stack,
                               size_t size)
{
    (void)stack;
    (void)size;
    if (fiber->own != NULL) {
        __tsan_destroy_fiber(fiber->own);
    }
    fiber->own = __tsan_create_fiber(0);
}

/* Just before the vCPU's stack switches to the call's. */
static inline void fiber_enter(struct thunk_fiber *fiber)
{
    fiber->door = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(fiber->own, 0);
}

/* Just before the call's stack switches to the vCPU's. */
static inline void fiber_leave(struct thunk_fiber *fiber)
{
    __tsan_switch_to_fiber(fiber->door, 0);
}

#else

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#endif

struct thunk_fiber {
    char unused; /* C11 has no empty structs */
};

static inline void fiber_reset(struct thunk_fiber *fiber, void *stack,
                               size_t size)
{
    (void)fiber;
#ifdef __SANITIZE_ADDRESS__
    __asan_unpoison_memory_region(stack, size);
#else
    (void)stack;
    (void)size;
#endif
}

static inline void fiber_enter(struct thunk_fiber *fiber)
{
    (void)fiber;
}

static inline void fiber_leave(struct thunk_fiber *fiber)
{
    (void)fiber;
}

#endif

#endif
