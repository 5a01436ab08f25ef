/* SPDX-License-Identifier: MIT
 *
 * Memory that a function of the host's allocates for its caller to free. Each
 * side's free() knows only its own libc's memory, so the program gets a copy
 * from the guest's malloc().
 */
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>

#include "host.h"

/* The guest's runtime as a library that can be called back. */
static thunk_runner *copy_runner;

static const struct thunk_table memory_table = {.soname = "libthunk-guest.so"};
static const struct thunk_host_callback memory_callback = {
    .name = "memory",
    .trace = "memory(from=%p, size=%lu) = %p",
};
static struct thunk_host_library memory_library = {
    .table = &memory_table,
    .callbacks = &memory_callback,
    .runners = &copy_runner,
};

void thunk_host_memory_start(thunk_runner *copy_memory)
{
    if (copy_runner == NULL) {
        copy_runner = copy_memory;
    }
}

/* As much as the memory has, which is no less than was asked for: so nothing
 * need be known of what it holds. A function of its own, as are the others,
 * because a call may go on on another thread after a callback: errno has
 * another place then. */
static __attribute__((noinline)) struct thunk_memory_frame
frame_make(void *memory)
{
    return (struct thunk_memory_frame){
        .from = memory,
        .size = malloc_usable_size(memory),
    };
}

static __attribute__((noinline)) void memory_free(void *memory)
{
    int saved = errno;

    free(memory);
    errno = saved;
}

void *thunk_host_memory_give(void *memory)
{
    const struct thunk_host_target target = {.library = &memory_library};
    struct thunk_memory_frame frame;

    if (memory == NULL) {
        return NULL;
    }
    frame = frame_make(memory);
    thunk_host_callback(&target, &frame.head);
    memory_free(memory);
    return frame.result;
}
