/* SPDX-License-Identifier: MIT
 *
 * Memory that one side allocates and the other frees. Guest and host each have
 * a heap, and what free() is given must be its own.
 *
 * What the program will free() is copied into the guest's heap when it crosses
 * (`caller_frees` in the spec). A library that frees what the program has
 * allocated (`heaps: both`) gets a free() and realloc() that look whose a block
 * is. They take the place of libc's in that library's own table of imports, so
 * no other library of the host's pays or sees anything.
 *
 * In the same table exit() becomes the guest's: the host's would end QEMU
 * behind the program's back, its handlers not run and its buffers not written.
 */
#include "heap.h"

#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <thunk/heap.h>
#include <unistd.h>

#include "imports.h"
#include "probe.h"

static thunk_runner *heap_runner;

static const struct thunk_table heap_table = {.soname = "libthunk-guest.so"};
static const struct thunk_host_callback heap_callback = {
    .name = "heap",
    .trace = "heap(operation=%lu, block=%p, size=%lu) = %p",
};
static struct thunk_host_library heap_library = {
    .table = &heap_table,
    .callbacks = &heap_callback,
    .runners = &heap_runner,
};

/* Not so in tests where the guest is native code as well: then there is one
 * heap, and one exit(). */
static bool guest_is_emulated;

/* Where the host's own heap begins; it ends at sbrk(0). 0: not known. */
static uintptr_t heap_first;

static void heap_find(void)
{
    FILE *maps = fopen("/proc/self/maps", "re");
    char *line = NULL;
    size_t size = 0;

    while (maps != NULL && heap_first == 0 && getline(&line, &size, maps) > 0) {
        if (strstr(line, "[heap]") != NULL) {
            heap_first = (uintptr_t)strtoull(line, NULL, 16);
        }
    }
    free(line);
    if (maps != NULL) {
        fclose(maps);
    }
}

void thunk_host_heap_start(thunk_runner *heap)
{
    if (heap_runner == NULL) {
        guest_is_emulated = !thunk_host_probe_code((thunk_function)heap);
        heap_find();
        heap_runner = heap;
    }
}

static void guest_ask(struct thunk_heap_frame *frame)
{
    const struct thunk_host_target target = {.library = &heap_library};

    thunk_host_callback(&target, &frame->head);
}

/* Whether the guest can be asked now. A thread of the host's own that has not
 * called back is none of the program's and frees nothing of it. */
static bool guest_is_there(void)
{
    return guest_is_emulated &&
           (thunk_host_call_is_running() || thunk_host_thread_has_partner());
}

/* Without asking: what the host's malloc() has from brk() is most of what there
 * is. Other arenas and large blocks lie anywhere, as the guest's do. */
static bool block_is_known(const void *block)
{
    uintptr_t address = (uintptr_t)block;

    return heap_first != 0 && address >= heap_first &&
           address < (uintptr_t)sbrk(0);
}

void thunk_host_block_free(void *block)
{
    struct thunk_heap_frame frame = {
        .operation = THUNK_HEAP_FREE,
        .block = block,
    };

    if (block != NULL && !block_is_known(block) && guest_is_there()) {
        guest_ask(&frame);
        if (!frame.is_foreign) {
            return;
        }
    }
    free(block);
}

static void *block_resize(void *block, size_t size)
{
    struct thunk_heap_frame frame = {
        .operation = THUNK_HEAP_RESIZE,
        .block = block,
        .size = size,
    };

    if (block != NULL && !block_is_known(block) && guest_is_there()) {
        guest_ask(&frame);
        if (!frame.is_foreign) {
            return frame.result;
        }
    }
    return realloc(block, size);
}

static _Noreturn void process_exit(int status)
{
    struct thunk_heap_frame frame = {
        .operation = THUNK_HEAP_EXIT,
        .size = (uint64_t)status,
    };

    if (guest_is_there()) {
        guest_ask(&frame);
    }
    exit(status);
}

void *thunk_host_block_give(const void *block)
{
    struct thunk_heap_frame frame = {.operation = THUNK_HEAP_ALLOCATE};
    void *own = (void *)(uintptr_t)block;

    if (block == NULL || !guest_is_emulated) {
        return own;
    }
    frame.size = malloc_usable_size(own);
    guest_ask(&frame);
    if (frame.result == NULL) {
        thunk_log(THUNK_LOG_ERROR,
                  "no memory in the guest for %llu bytes that the program is "
                  "to free",
                  (unsigned long long)frame.size);
    } else {
        memcpy(frame.result, own, frame.size);
    }
    thunk_host_block_free(own); /* a library may give back what the program gave it */
    return frame.result;
}

void thunk_host_heap_settle(const struct thunk_host_library *library)
{
    const struct thunk_import imports[] = {
        {"exit", (thunk_function)process_exit},
        {"free", (thunk_function)thunk_host_block_free},
        {"realloc", (thunk_function)block_resize},
    };

    if (guest_is_emulated) {
        thunk_host_imports_set(library->handle, imports,
                               library->takes_guest_blocks ? 3 : 1);
    }
}
