/* SPDX-License-Identifier: MIT
 *
 * mimalloc does the work: it never waits, as most of what it does is a thread's
 * own, it knows who frees by the address alone, and it can be loaded late. Its
 * memory is the guest's (units.c).
 *
 * What is none of its blocks is the host's libc's: that allocates for itself,
 * and a library frees what it returns.
 */
#include "blocks.h"

#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "../common/allocators.h"
#include "host.h"
#include "probe.h"
#include "units.h"

enum {
    /* glibc aligns every block to that, mimalloc those of 8 bytes to 8. */
    BLOCK_MIN = 16,
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* ---- the allocator ---- */

static struct {
    void *handle;
    void *(*allocate)(size_t size);
    void *(*clear)(size_t size);
    void *(*align)(size_t size, size_t alignment);
    void *(*resize)(void *block, size_t size);
    void (*free)(void *block);
    size_t (*size)(const void *block);
    void (*collect)(bool is_forced);
} allocator;

static bool is_shared;

bool thunk_host_heap_is_shared(void)
{
    return __atomic_load_n(&is_shared, __ATOMIC_ACQUIRE);
}

/* ---- the program's calls ---- */

/* Differs from process to process. */
static uint64_t mark;

static size_t block_size(size_t size)
{
    return size < BLOCK_MIN ? BLOCK_MIN : size;
}

/* Each free block says so, in a word that the allocator leaves alone, by a
 * number that no other block has. */
static uint64_t *block_mark(void *block)
{
    return (uint64_t *)block + 1;
}

static uint64_t block_mark_free(const void *block)
{
    return mark ^ (uintptr_t)block;
}

static void *block_begin(void *block)
{
    if (__builtin_expect(block != NULL, 1)) {
        *block_mark(block) = 0;
    }
    return block;
}

bool thunk_host_shared_is_free(void *block)
{
    return __builtin_expect(*block_mark(block) == block_mark_free(block), 0);
}

bool thunk_host_shared_end(void *block)
{
    if (thunk_host_shared_is_free(block)) {
        return false;
    }
    *block_mark(block) = block_mark_free(block);
    allocator.free(block);
    return true;
}

/* Each makes a block, or tries to; the first argument is one of its own. */

void *thunk_host_shared_new(uintptr_t unused, size_t size)
{
    (void)unused;
    return block_begin(allocator.allocate(block_size(size)));
}

void *thunk_host_shared_clear(uintptr_t unused, size_t size)
{
    (void)unused;
    return allocator.clear(block_size(size));
}

/* mimalloc 2.0.9 takes any block of a size that is a multiple of the alignment
 * to be aligned, which it is not: aligned_alloc(256, 256). */
void *thunk_host_shared_align(uintptr_t alignment, size_t size)
{
    size = block_size(size);
    return block_begin(
        allocator.align(size % alignment == 0 ? size + 1 : size, alignment));
}

void *thunk_host_shared_resize(uintptr_t block, size_t size)
{
    return allocator.resize((void *)block, block_size(size));
}

/* What the guest gets of a call that has made or not made a block. */
static void answer(struct thunk_block_frame *frame, void *block)
{
    frame->value = (uintptr_t)block;
    if (__builtin_expect(block == NULL || thunk_host_units_wanted != 0, 0)) {
        frame->wanted = block == NULL ? thunk_host_units_wanted : 0;
        thunk_host_units_wanted = 0;
    }
    frame->state = THUNK_BLOCK_DONE;
}

#define FRAME(argument) ((struct thunk_block_frame *)(argument))

void dlcall_pure_allocate(void *size, void *frame)
{
    answer(FRAME(frame), thunk_host_shared_new(0, (size_t)size));
}

void dlcall_pure_clear(void *size, void *frame)
{
    answer(FRAME(frame), thunk_host_shared_clear(0, (size_t)size));
}

void dlcall_pure_align(void *size, void *frame)
{
    answer(FRAME(frame),
           thunk_host_shared_align(FRAME(frame)->value, (size_t)size));
}

/* Whether the frame says that a block of another heap is the host's libc's. A
 * wild pointer is left to the guest's, which then has its fault. */
static bool is_hosts(const void *block, struct thunk_block_frame *frame)
{
    char header[2 * sizeof(size_t)];
    const bool is_done =
        frame->wanted != 0 &&
        thunk_host_probe(header, (const char *)block - sizeof(header),
                         sizeof(header)) != THUNK_PROBE_ABSENT;

    frame->state = is_done ? THUNK_BLOCK_DONE : THUNK_BLOCK_FOREIGN;
    return is_done;
}

void dlcall_pure_free(void *block, void *frame)
{
    if (__builtin_expect(thunk_host_units_have(block), 1)) {
        FRAME(frame)->state =
            thunk_host_shared_end(block) ? THUNK_BLOCK_DONE : THUNK_BLOCK_FREED;
    } else if (is_hosts(block, frame)) {
        free(block);
    }
}

void dlcall_pure_resize(void *block, void *frame)
{
    const size_t size = FRAME(frame)->value;

    if (__builtin_expect(thunk_host_units_have(block), 1)) {
        if (thunk_host_shared_is_free(block)) {
            FRAME(frame)->state = THUNK_BLOCK_FREED;
            return;
        }
        answer(FRAME(frame), thunk_host_shared_resize((uintptr_t)block, size));
    } else if (is_hosts(block, frame)) {
        thunk_host_units_wanted = 0;
        answer(FRAME(frame), realloc(block, size));
    }
}

void dlcall_pure_size(void *block, void *frame)
{
    if (__builtin_expect(thunk_host_units_have(block), 1)) {
        FRAME(frame)->value = allocator.size(block);
        FRAME(frame)->state = THUNK_BLOCK_DONE;
    } else if (is_hosts(block, frame)) {
        FRAME(frame)->value = malloc_usable_size(block);
    }
}

void dlcall_pure_collect(void *unused, void *frame)
{
    (void)unused;
    allocator.collect(true);
    FRAME(frame)->state = THUNK_BLOCK_DONE;
}

void dlcall_pure_give(void *start, void *frame)
{
    thunk_host_units_give((uintptr_t)start, FRAME(frame)->value);
    FRAME(frame)->state = THUNK_BLOCK_DONE;
}

size_t thunk_host_shared_size(const void *block)
{
    return allocator.size(block);
}

/* ---- its start ---- */

/* Version 3 takes memory from the system by the gigabyte, and has QEMU's
 * process do without transparent huge pages. */
static void allocator_tame(void)
{
    enum { ARENA_RESERVE = 23 }; /* of its enum mi_option_e; in KiB */
    int (*version)(void) =
        (int (*)(void))(uintptr_t)dlsym(allocator.handle, "mi_version");
    void (*option_set)(int option, long value) = (void (*)(int, long))(
        uintptr_t)dlsym(allocator.handle, "mi_option_set");

    if (version == NULL || option_set == NULL) {
        return;
    }
    if (version() >= 300) {
        option_set(ARENA_RESERVE, (long)(THUNK_UNIT / 1024));
        (void)prctl(PR_SET_THP_DISABLE, 0, 0, 0, 0);
    }
    thunk_log(THUNK_LOG_INFO, "mimalloc %d.%d", version() / 100,
              version() % 100);
}

static bool has_allocator;

static void allocator_start(void)
{
    const struct {
        const char *name;
        void *place;
    } functions[] = {
        {"mi_malloc", &allocator.allocate},
        {"mi_zalloc", &allocator.clear},
        {"mi_malloc_aligned", &allocator.align},
        {"mi_realloc", &allocator.resize},
        {"mi_free", &allocator.free},
        {"mi_usable_size", &allocator.size},
        {"mi_collect", &allocator.collect},
    };

    allocator.handle = allocator_open();
    if (allocator.handle == NULL) {
        thunk_log(THUNK_LOG_INFO,
                  "no mimalloc on the host (Debian: libmimalloc2.0 or "
                  "libmimalloc3): the heap is the program's own");
        return;
    }
    for (size_t i = 0; i < COUNT(functions); i++) {
        void *function = dlsym(allocator.handle, functions[i].name);

        if (function == NULL) {
            return;
        }
        memcpy(functions[i].place, &function, sizeof(function));
    }
    allocator_tame();
    mark = ((uint64_t)(uintptr_t)allocator.handle << 20 ^ (uint64_t)getpid()) |
           UINT64_C(0x8000000000000001);
    thunk_host_units_serve(allocator.handle);
    has_allocator = true;
}

bool thunk_host_allocator_start(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, allocator_start);
    return has_allocator;
}

void dlcall_pure_start(void *unused, void *frame)
{
    (void)unused;
    if (thunk_host_allocator_start()) {
        __atomic_store_n(&is_shared, true, __ATOMIC_RELEASE);
        thunk_log(THUNK_LOG_INFO,
                  "one heap for the program and the host's libraries");
    }
    FRAME(frame)->value = is_shared;
    FRAME(frame)->state = THUNK_BLOCK_DONE;
}

THUNK_EXPORT const struct thunk_blocks thunk_blocks = {
    .abi = THUNK_ABI,
    .allocate = dlcall_pure_allocate,
    .clear = dlcall_pure_clear,
    .align = dlcall_pure_align,
    .free = dlcall_pure_free,
    .resize = dlcall_pure_resize,
    .size = dlcall_pure_size,
    .give = dlcall_pure_give,
    .collect = dlcall_pure_collect,
    .start = dlcall_pure_start,
    .unit = THUNK_UNIT,
};
