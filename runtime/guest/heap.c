/* SPDX-License-Identifier: MIT
 *
 * The guest's heap, for the host (thunk/heap.h).
 */
#include <malloc.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <thunk/heap.h>
#include <unistd.h>

#include "guest.h"

/* The plugin knows by QEMU's flags of the page. Where it cannot see these, no
 * page of the host's has any, and QEMU looks at them before it looks at the
 * file. */
bool thunk_guest_block_is_foreign(const void *block)
{
    volatile uint64_t owner = THUNK_UNANSWERED;

    (void)thunk_syscall(THUNK_SYSCALL, THUNK_GET_OWNER, (uintptr_t)block,
                        (uintptr_t)&owner, 0);
    if (owner != THUNK_UNANSWERED && owner != THUNK_OWNER_UNKNOWN) {
        return owner == THUNK_OWNER_HOST;
    }
    return write(-1, block, 1) < 0 && errno == EFAULT;
}

void *thunk_guest_units_map(size_t size, size_t unit)
{
    const int saved = errno;
    const size_t whole = size + unit;
    char *start =
        whole < size ? MAP_FAILED
                     : mmap(NULL, whole, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    size_t before;

    if (start == MAP_FAILED) {
        errno = saved;
        return NULL;
    }
    before = -(uintptr_t)start & (unit - 1);
    if (before > 0) {
        (void)munmap(start, before);
    }
    (void)munmap(start + before + size, unit - before);
    errno = saved;
    return start + before;
}

static bool is_foreign(const struct thunk_heap_frame *frame)
{
    return frame->is_known == 0 && thunk_guest_block_is_foreign(frame->block);
}

void thunk_guest_heap(thunk_function target, struct thunk_frame *head)
{
    struct thunk_heap_frame *frame = (struct thunk_heap_frame *)(void *)head;
    int saved = errno;

    (void)target;
    switch (frame->operation) {
    case THUNK_HEAP_ALLOCATE:
        frame->result = malloc(frame->size);
        break;
    case THUNK_HEAP_FREE:
        frame->is_foreign = is_foreign(frame);
        errno = saved;
        if (!frame->is_foreign) {
            free(frame->block);
        }
        break;
    case THUNK_HEAP_RESIZE:
        frame->is_foreign = is_foreign(frame);
        errno = saved;
        if (!frame->is_foreign) {
            frame->result = realloc(frame->block, frame->size);
        }
        break;
    case THUNK_HEAP_ALIGN:
        if (posix_memalign(&frame->result, frame->unit, frame->size) != 0) {
            frame->result = NULL;
        }
        break;
    case THUNK_HEAP_SIZE:
        frame->is_foreign = is_foreign(frame);
        errno = saved;
        if (!frame->is_foreign) {
            frame->size = malloc_usable_size(frame->block);
        }
        break;
    case THUNK_HEAP_MAP:
        frame->result = thunk_guest_units_map(frame->size, frame->unit);
        break;
    default:
        break;
    }
}
