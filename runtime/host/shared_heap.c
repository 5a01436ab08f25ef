/* SPDX-License-Identifier: MIT
 *
 * mimalloc does the work: it never waits, as most of what it does is a thread's
 * own, it knows who frees by the address alone, and it can be loaded late. It
 * asks the kernel for memory in large pieces, by mmap(), which is ours in its
 * table of imports: it gets memory that the guest has mapped. Where there is
 * none left a call fails, the guest maps more and calls again, since no code of
 * the guest's can run in the middle of the allocator.
 *
 * Memory is given by the unit, so one bit for each tells whose a block is. What
 * is none of its blocks is the host's libc's: strdup() and its like allocate
 * there, and a library frees what they return.
 */
#include "shared_heap.h"

#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "../common/allocators.h"
#include "heap.h"
#include "host.h"
#include "imports.h"
#include "probe.h"

enum {
    UNIT_BITS = 25, /* mimalloc 2 aligns its segments to that */
    ADDRESS_BITS = 48,
    WORD_BITS = 64,
    FREE_COUNT = 4096,

    /* What blocks are in is aligned as the allocator wants it, so that it asks
     * but once. */
    LARGE_MIN = 1 << 20,
    SMALL_ALIGNMENT = 1 << 16,

    /* glibc aligns every block to that, mimalloc those of 8 bytes to 8. */
    BLOCK_MIN = 16,
};

#define UNIT     ((size_t)1 << UNIT_BITS)
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* What it reserves for tables of its own, and never touches most of. */
#define RESERVE_MIN ((size_t)1 << 30)

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

/* ---- units ---- */

/* One bit for each unit that was ever given: it stays the allocator's, data of
 * its own included. */
static uint64_t units[((size_t)1 << (ADDRESS_BITS - UNIT_BITS)) / WORD_BITS];

/* Pages that nothing is in, in runs. */
static struct run {
    uintptr_t start;
    size_t size;
} runs[FREE_COUNT];
static size_t run_count;

/* What the first piece that this thread has asked for in vain, in this call,
 * needs; and whether it takes what the guest does not know, as there is no
 * guest to ask. */
static __thread size_t wanted __attribute__((tls_model("initial-exec")));
static __thread bool is_alone __attribute__((tls_model("initial-exec")));

static bool block_is_ours(const void *block)
{
    const uintptr_t unit = (uintptr_t)block >> UNIT_BITS;

    return unit / WORD_BITS < COUNT(units) &&
           (__atomic_load_n(&units[unit / WORD_BITS], __ATOMIC_RELAXED) >>
                unit % WORD_BITS &
            1) != 0;
}

static size_t units_round(size_t size)
{
    return (size + UNIT - 1) & ~(UNIT - 1);
}

static void units_note(uintptr_t start, size_t size)
{
    for (uintptr_t at = start; at < start + size; at += UNIT) {
        const uintptr_t unit = at >> UNIT_BITS;

        __atomic_fetch_or(&units[unit / WORD_BITS],
                          (uint64_t)1 << unit % WORD_BITS, __ATOMIC_RELAXED);
    }
}

/* Those below are called with the last lock held. */

static void run_remove(size_t index)
{
    runs[index] = runs[--run_count];
}

static void run_add(uintptr_t start, size_t size)
{
    for (size_t i = 0; i < run_count;) {
        if (runs[i].start + runs[i].size == start ||
            start + size == runs[i].start) {
            start = runs[i].start < start ? runs[i].start : start;
            size += runs[i].size;
            run_remove(i);
        } else {
            i++;
        }
    }
    if (size > 0 && run_count < COUNT(runs)) {
        runs[run_count++] = (struct run){start, size};
    }
}

static uintptr_t aligned(uintptr_t address, size_t alignment)
{
    return (address + alignment - 1) & ~(uintptr_t)(alignment - 1);
}

/* From the smallest run that it fits into. 0: there is none. */
static uintptr_t run_take(size_t size, size_t alignment)
{
    const struct run *best = NULL;
    struct run run;
    uintptr_t start;

    for (size_t i = 0; i < run_count; i++) {
        start = aligned(runs[i].start, alignment);
        if (start - runs[i].start + size <= runs[i].size &&
            (best == NULL || runs[i].size < best->size)) {
            best = &runs[i];
        }
    }
    if (best == NULL) {
        return 0;
    }
    run = *best;
    start = aligned(run.start, alignment);
    run_remove((size_t)(best - runs));
    run_add(run.start, start - run.start);
    run_add(start + size, run.start + run.size - start - size);
    return start;
}

static void units_give(uintptr_t start, size_t size)
{
    units_note(start, size);
    thunk_host_lock_last();
    run_add(start, size);
    thunk_host_unlock_last();
}

/* Memory that the guest does not know of. 0: none. */
static uintptr_t units_map(size_t size)
{
    char *start = mmap(NULL, size + UNIT, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    uintptr_t first;

    if (start == MAP_FAILED) {
        return 0;
    }
    first = units_round((uintptr_t)start);
    if (first > (uintptr_t)start) {
        munmap(start, first - (uintptr_t)start);
    }
    munmap((char *)first + size, (uintptr_t)start + UNIT - first);
    units_note(first, size);
    return first;
}

/* ---- what the allocator calls instead of libc's ---- */

static size_t page_size(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

static void *piece_map(void *hint, size_t size, int protection, int flags,
                       int descriptor, off_t offset)
{
    const size_t whole = aligned(size, page_size());
    uintptr_t start;

    if ((flags & MAP_FIXED) != 0 ||
        (protection == PROT_NONE && size >= RESERVE_MIN)) {
        return mmap(hint, size, protection, flags, descriptor, offset);
    }
    if (wanted != 0) {
        errno = ENOMEM; /* version 3 would then take a small piece instead */
        return MAP_FAILED;
    }
    thunk_host_lock_last();
    start = run_take(whole, size < LARGE_MIN ? SMALL_ALIGNMENT : UNIT);
    thunk_host_unlock_last();
    if (start == 0 && is_alone && (start = units_map(units_round(size))) != 0) {
        thunk_host_lock_last();
        run_add(start + whole, units_round(size) - whole);
        thunk_host_unlock_last();
    }
    if (start == 0) {
        wanted = units_round(size);
        errno = ENOMEM;
        return MAP_FAILED;
    }
    return (void *)start;
}

static int piece_unmap(void *start, size_t size)
{
    if (!block_is_ours(start)) {
        return munmap(start, size);
    }
    size = aligned(size, page_size());
    madvise(start, size, MADV_DONTNEED);
    thunk_host_lock_last();
    run_add((uintptr_t)start, size);
    thunk_host_unlock_last();
    return 0;
}

/* It can always be read and written. */
static int piece_protect(void *start, size_t size, int protection)
{
    return block_is_ours(start) ? 0 : mprotect(start, size, protection);
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

static bool block_is_free(void *block)
{
    return __builtin_expect(*block_mark(block) == block_mark_free(block), 0);
}

/* False: it is free already. */
static bool block_end(void *block)
{
    if (block_is_free(block)) {
        return false;
    }
    *block_mark(block) = block_mark_free(block);
    allocator.free(block);
    return true;
}

/* Each makes a block, or tries to; the first argument is one of its own. */

static void *new_make(uintptr_t unused, size_t size)
{
    (void)unused;
    return block_begin(allocator.allocate(block_size(size)));
}

static void *clear_make(uintptr_t unused, size_t size)
{
    (void)unused;
    return allocator.clear(block_size(size));
}

/* mimalloc 2.0.9 takes any block of a size that is a multiple of the alignment
 * to be aligned, which it is not: aligned_alloc(256, 256). */
static void *aligned_make(uintptr_t alignment, size_t size)
{
    size = block_size(size);
    return block_begin(
        allocator.align(size % alignment == 0 ? size + 1 : size, alignment));
}

static void *resized_make(uintptr_t block, size_t size)
{
    return allocator.resize((void *)block, block_size(size));
}

/* What the guest gets of a call that has made or not made a block. */
static void answer(struct thunk_block_frame *frame, void *block)
{
    frame->value = (uintptr_t)block;
    if (__builtin_expect(block == NULL || wanted != 0, 0)) {
        frame->wanted = block == NULL ? wanted : 0;
        wanted = 0;
    }
    frame->state = THUNK_BLOCK_DONE;
}

#define FRAME(argument) ((struct thunk_block_frame *)(argument))

void dlcall_pure_allocate(void *size, void *frame)
{
    answer(FRAME(frame), new_make(0, (size_t)size));
}

void dlcall_pure_clear(void *size, void *frame)
{
    answer(FRAME(frame), clear_make(0, (size_t)size));
}

void dlcall_pure_align(void *size, void *frame)
{
    answer(FRAME(frame), aligned_make(FRAME(frame)->value, (size_t)size));
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
    if (__builtin_expect(block_is_ours(block), 1)) {
        FRAME(frame)->state =
            block_end(block) ? THUNK_BLOCK_DONE : THUNK_BLOCK_FREED;
    } else if (is_hosts(block, frame)) {
        free(block);
    }
}

void dlcall_pure_resize(void *block, void *frame)
{
    const size_t size = FRAME(frame)->value;

    if (__builtin_expect(block_is_ours(block), 1)) {
        if (block_is_free(block)) {
            FRAME(frame)->state = THUNK_BLOCK_FREED;
            return;
        }
        answer(FRAME(frame), resized_make((uintptr_t)block, size));
    } else if (is_hosts(block, frame)) {
        wanted = 0;
        answer(FRAME(frame), realloc(block, size));
    }
}

void dlcall_pure_size(void *block, void *frame)
{
    if (__builtin_expect(block_is_ours(block), 1)) {
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
    units_give((uintptr_t)start, FRAME(frame)->value);
    FRAME(frame)->state = THUNK_BLOCK_DONE;
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
        option_set(ARENA_RESERVE, (long)(UNIT / 1024));
        (void)prctl(PR_SET_THP_DISABLE, 0, 0, 0, 0);
    }
    thunk_log(THUNK_LOG_INFO,
              "one heap for the program and the host's libraries: mimalloc "
              "%d.%d",
              version() / 100, version() % 100);
}

static void allocator_start(void)
{
    static const struct thunk_import imports[] = {
        {"mmap", (thunk_function)piece_map},
        {"mprotect", (thunk_function)piece_protect},
        {"munmap", (thunk_function)piece_unmap},
    };
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
                  "libmimalloc3): the program and the host's libraries have a "
                  "heap each");
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
    thunk_host_imports_set(allocator.handle, imports, COUNT(imports));
    __atomic_store_n(&is_shared, true, __ATOMIC_RELEASE);
}

void dlcall_pure_start(void *unused, void *frame)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    (void)unused;
    pthread_once(&once, allocator_start);
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
    .unit = UNIT,
};

/* ---- the calls of the host's libraries ---- */

/* After a call in vain: whether it is to be made again. Memory that the guest
 * maps is best; without a guest to ask, as in a thread of the library's own,
 * the allocator gets some that QEMU is told of later (plugin/memory.h). */
static bool memory_more(void)
{
    struct thunk_heap_frame frame = {
        .operation = THUNK_HEAP_MAP,
        .size = wanted,
        .unit = UNIT,
    };

    if (wanted == 0 || is_alone) {
        is_alone = false;
        wanted = 0;
        errno = ENOMEM;
        return false;
    }
    wanted = 0;
    if (thunk_host_heap_has_guest()) {
        thunk_host_heap_ask(&frame);
    }
    if (frame.result == NULL) {
        is_alone = true;
        return true;
    }
    units_give((uintptr_t)frame.result, frame.size);
    return true;
}

/* Until there is a block, or no memory at all. */
static inline void *retried(void *(*make)(uintptr_t argument, size_t size),
                            uintptr_t argument, size_t size)
{
    void *block;

    do {
        block = make(argument, size);
    } while (block == NULL && memory_more());
    if (__builtin_expect(is_alone || wanted != 0, 0)) {
        is_alone = false;
        wanted = 0;
    }
    return block;
}

static _Noreturn void double_free(const void *block)
{
    thunk_log(THUNK_LOG_ERROR,
              "a library of the host's frees a block that is free: %p", block);
    abort();
}

void *thunk_host_shared_allocate(size_t size)
{
    return retried(new_make, 0, size);
}

void thunk_host_shared_free(void *block)
{
    if (!block_is_ours(block)) {
        free(block);
    } else if (!block_end(block)) {
        double_free(block);
    }
}

static void *array_allocate(size_t count, size_t size)
{
    return thunk_host_array_fits(count, size)
               ? retried(clear_make, 0, count * size)
               : NULL;
}

static void *block_resize(void *block, size_t size)
{
    if (block == NULL) {
        return thunk_host_shared_allocate(size);
    }
    if (!block_is_ours(block)) {
        return realloc(block, size);
    }
    if (size == 0) {
        thunk_host_shared_free(block);
        return NULL;
    }
    if (block_is_free(block)) {
        double_free(block);
    }
    return retried(resized_make, (uintptr_t)block, size);
}

static void *array_resize(void *block, size_t count, size_t size)
{
    return thunk_host_array_fits(count, size)
               ? block_resize(block, count * size)
               : NULL;
}

/* As glibc's, which takes the next power of two. */
static void *block_align(size_t alignment, size_t size)
{
    size_t power = BLOCK_MIN;

    if (alignment > SIZE_MAX / 2 + 1) {
        errno = EINVAL;
        return NULL;
    }
    while (power < alignment) {
        power *= 2;
    }
    return retried(aligned_make, power, size);
}

static int block_align_checked(void **block, size_t alignment, size_t size)
{
    const int saved = errno;
    void *aligned;

    if (alignment % sizeof(void *) != 0 || alignment == 0 ||
        (alignment & (alignment - 1)) != 0) {
        return EINVAL;
    }
    aligned = block_align(alignment, size);
    errno = saved;
    if (aligned == NULL) {
        return ENOMEM;
    }
    *block = aligned;
    return 0;
}

static void *page_align(size_t size)
{
    return block_align(page_size(), size);
}

static void *pages_align(size_t size)
{
    if (size > SIZE_MAX - page_size()) {
        errno = ENOMEM;
        return NULL;
    }
    return page_align(aligned(size, page_size()));
}

static size_t block_usable(void *block)
{
    if (block == NULL) {
        return 0;
    }
    return block_is_ours(block) ? allocator.size(block)
                                : malloc_usable_size(block);
}

/* libc's own would grow the program's block by its own realloc(). */
static ssize_t part_get(char **line, size_t *size, int end, FILE *stream)
{
    return thunk_host_line_read(line, size, end, stream, block_resize);
}

static ssize_t line_get(char **line, size_t *size, FILE *stream)
{
    return part_get(line, size, '\n', stream);
}

/* What QEMU's own libraries allocate stays libc's. */
static void *own_resize(void *block, size_t size)
{
    return block == NULL ? realloc(NULL, size) : block_resize(block, size);
}

static void *own_array_resize(void *block, size_t count, size_t size)
{
    return thunk_host_array_fits(count, size) ? own_resize(block, count * size)
                                              : NULL;
}

struct thunk_imports thunk_host_shared_imports_own(void)
{
    static const struct thunk_import imports[] = {
        {"free", (thunk_function)thunk_host_shared_free},
        {"malloc_usable_size", (thunk_function)block_usable},
        {"realloc", (thunk_function)own_resize},
        {"reallocarray", (thunk_function)own_array_resize},
    };

    return (struct thunk_imports){
        imports, thunk_host_heap_is_shared() ? COUNT(imports) : 0};
}

struct thunk_imports thunk_host_shared_imports(void)
{
    static const struct thunk_import imports[] = {
        {"__getdelim", (thunk_function)part_get},
        {"aligned_alloc", (thunk_function)block_align},
        {"calloc", (thunk_function)array_allocate},
        {"free", (thunk_function)thunk_host_shared_free},
        {"getdelim", (thunk_function)part_get},
        {"getline", (thunk_function)line_get},
        {"malloc", (thunk_function)thunk_host_shared_allocate},
        {"malloc_usable_size", (thunk_function)block_usable},
        {"memalign", (thunk_function)block_align},
        {"posix_memalign", (thunk_function)block_align_checked},
        {"pvalloc", (thunk_function)pages_align},
        {"realloc", (thunk_function)block_resize},
        {"reallocarray", (thunk_function)array_resize},
        {"valloc", (thunk_function)page_align},
    };

    return (struct thunk_imports){
        imports, thunk_host_heap_is_shared() ? COUNT(imports) : 0};
}
