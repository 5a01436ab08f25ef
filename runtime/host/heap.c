/* SPDX-License-Identifier: MIT
 *
 * malloc() and its family for the host's libraries. A block may be freed by
 * either side, whoever has made it, so there is one heap:
 *
 * - the one that both sides have in common (blocks.c), as a rule;
 * - where the program has a malloc() of its own, or can have none of ours, that
 *   one, by a callback for each block, as natively a library calls it.
 *
 * Where the guest cannot be asked, as in a thread of the library's own and in a
 * leaf, the second is not to be had. What is allocated there is the allocator's
 * without the program's knowing; and what is freed there, and may be the
 * program's, waits until the guest can be asked.
 *
 * What the host's libc allocates is in its own heap; what a library may give to
 * the program of that comes from here as well (libc_blocks.c).
 */
#include "heap.h"

#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <thunk/heap.h>
#include <unistd.h>

#include "../common/maps.h"
#include "blocks.h"
#include "probe.h"
#include "units.h"

enum { BLOCK_MIN = 16 }; /* what each is aligned to */

static thunk_runner *heap_runner;

static const struct thunk_table heap_table = {.soname = "libthunk-guest.so"};
static const struct thunk_host_callback heap_callback = {
    .name = "heap", /* which no trace shows */
};
static struct thunk_host_library heap_library = {
    .table = &heap_table,
    .callbacks = &heap_callback,
    .runners = &heap_runner,
};

/* Not so in tests where the guest is native code as well: then there is one
 * heap, and one exit(). */
static bool guest_is_emulated;

/* Where the host's own heap begins; it ends at sbrk(0). UINTPTR_MAX: there is
 * none. Keeps errno. */
static uintptr_t heap_find(void)
{
    int saved = errno;
    struct thunk_maps maps;
    const bool is_open = thunk_maps_open(&maps);
    uintptr_t first = UINTPTR_MAX;
    char *line = NULL;
    size_t size = 0;

    while (is_open && first == UINTPTR_MAX &&
           getline(&line, &size, maps.lines) > 0) {
        if (strstr(line, "[heap]") != NULL) {
            first = (uintptr_t)strtoull(line, NULL, 16);
        }
    }
    free(line);
    if (is_open) {
        thunk_maps_close(&maps);
    }
    errno = saved;
    return first;
}

/* Looked for when it is asked for first, since few libraries give blocks to and
 * fro. Threads that come here together find the same. */
static uintptr_t heap_first(void)
{
    static uintptr_t found; /* 0: not yet */
    uintptr_t first = __atomic_load_n(&found, __ATOMIC_RELAXED);

    if (first == 0) {
        first = heap_find();
        __atomic_store_n(&found, first, __ATOMIC_RELAXED);
    }
    return first;
}

void thunk_host_heap_start(thunk_runner *heap)
{
    if (heap_runner == NULL) {
        guest_is_emulated = !thunk_host_probe_code((thunk_function)heap);
        heap_runner = heap;
    }
}

static uint64_t asked; /* for blocks of the program's */

void thunk_host_heap_ask(struct thunk_heap_frame *frame)
{
    const struct thunk_host_target target = {.library = &heap_library};

    if (frame->operation != THUNK_HEAP_MAP) {
        __atomic_fetch_add(&asked, 1, __ATOMIC_RELAXED);
    }
    thunk_host_callback(&target, &frame->head);
}

struct thunk_heap_use thunk_host_heap_use(void)
{
    return (struct thunk_heap_use){
        .is_shared = thunk_host_heap_is_shared(),
        .size = thunk_host_units_size(),
        .callbacks = __atomic_load_n(&asked, __ATOMIC_RELAXED),
    };
}

bool thunk_host_heap_is_apart(void)
{
    return guest_is_emulated;
}

bool thunk_host_heap_has_guest(void)
{
    return guest_is_emulated &&
           (thunk_host_call_has_guest() || thunk_host_thread_has_partner());
}

/* ---- the heap in common ---- */

/* After a call in vain: whether it is to be made again. Memory that the guest
 * maps is best; without a guest to ask, as in a thread of the library's own,
 * the allocator gets some that QEMU is told of later (plugin/memory.h). */
static bool memory_more(void)
{
    struct thunk_heap_frame frame = {
        .operation = THUNK_HEAP_MAP,
        .size = thunk_host_units_wanted,
        .unit = THUNK_UNIT,
    };

    if (thunk_host_units_wanted == 0 || thunk_host_units_alone) {
        thunk_host_units_alone = false;
        thunk_host_units_wanted = 0;
        errno = ENOMEM;
        return false;
    }
    thunk_host_units_wanted = 0;
    if (thunk_host_heap_is_shared() && thunk_host_heap_has_guest()) {
        thunk_host_heap_ask(&frame);
    }
    if (frame.result == NULL) {
        thunk_host_units_alone = true;
        return true;
    }
    thunk_host_units_give((uintptr_t)frame.result, frame.size);
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
    if (__builtin_expect(thunk_host_units_alone || thunk_host_units_wanted != 0,
                         0)) {
        thunk_host_units_alone = false;
        thunk_host_units_wanted = 0;
    }
    return block;
}

static _Noreturn void double_free(const void *block)
{
    thunk_log(THUNK_LOG_ERROR,
              "a library of the host's frees a block that is free: %p", block);
    abort();
}

static void shared_free(void *block)
{
    if (!thunk_host_shared_end(block)) {
        double_free(block);
    }
}

static void *shared_resize(void *block, size_t size)
{
    if (size == 0) {
        shared_free(block);
        return NULL;
    }
    if (thunk_host_shared_is_free(block)) {
        double_free(block);
    }
    return retried(thunk_host_shared_resize, (uintptr_t)block, size);
}

/* ---- the program's own ---- */

static bool has_allocator;

/* Freed where the guest could not be asked: a list by their first words. */
static void *waiting;

static bool guest_is_there(void)
{
    return thunk_host_heap_has_guest() && !thunk_host_call_is_leaf();
}

static void wait_for_guest(void *block)
{
    void *first = __atomic_load_n(&waiting, __ATOMIC_RELAXED);

    do {
        memcpy(block, &first, sizeof(first));
    } while (!__atomic_compare_exchange_n(&waiting, &first, block, true,
                                          __ATOMIC_RELEASE, __ATOMIC_RELAXED));
}

/* Without asking: what the host's malloc() has from brk() is most of what there
 * is. Other arenas and large blocks lie anywhere, as the guest's do. */
static bool block_is_hosts(const void *block)
{
    uintptr_t address = (uintptr_t)block;

    return address >= heap_first() && address < (uintptr_t)sbrk(0);
}

/* The plugin's; NULL: it has none. */
static uint64_t (*owner_of)(uint64_t address);

void dlcall_owners(uint64_t (*owner)(uint64_t address))
{
    owner_of = owner;
}

/* Whose a block is that is not the allocator's. Unknown where the guest cannot
 * be asked, and where QEMU hides what it knows: then the guest finds out. */
static enum thunk_owner block_owner(const void *block)
{
    if (block_is_hosts(block)) {
        return THUNK_OWNER_HOST;
    }
    return owner_of != NULL && guest_is_there()
               ? (enum thunk_owner)owner_of((uintptr_t)block)
               : THUNK_OWNER_UNKNOWN;
}

static void guest_free(void *block, enum thunk_owner owner)
{
    struct thunk_heap_frame frame = {
        .operation = THUNK_HEAP_FREE,
        .block = block,
        .is_known = owner == THUNK_OWNER_GUEST,
    };

    if (owner != THUNK_OWNER_HOST) {
        thunk_host_heap_ask(&frame);
    }
    if (owner == THUNK_OWNER_HOST || frame.is_foreign) {
        free(block);
    }
}

static void waiting_free(void)
{
    void *block = __atomic_load_n(&waiting, __ATOMIC_RELAXED) == NULL
                      ? NULL
                      : __atomic_exchange_n(&waiting, NULL, __ATOMIC_ACQUIRE);

    while (block != NULL) {
        void *next;

        memcpy(&next, block, sizeof(next));
        guest_free(block, block_owner(block));
        block = next;
    }
}

static void program_free(void *block)
{
    const enum thunk_owner owner = block_owner(block);

    if (owner == THUNK_OWNER_HOST) {
        free(block);
    } else if (guest_is_there()) {
        waiting_free();
        guest_free(block, owner);
    } else {
        wait_for_guest(block);
    }
}

/* By the host's libc where there is no allocator: then the program cannot free
 * it. */
static void *alone_allocate(size_t alignment, size_t size)
{
    void *block;

    if (!has_allocator) {
        return alignment == 0 ? malloc(size) : memalign(alignment, size);
    }
    thunk_host_units_alone = true;
    block = alignment == 0 ? thunk_host_shared_new(0, size)
                           : thunk_host_shared_align(alignment, size);
    thunk_host_units_alone = false;
    thunk_host_units_wanted = 0;
    return block;
}

static void *program_allocate(size_t alignment, size_t size)
{
    struct thunk_heap_frame frame = {
        .operation = alignment == 0 ? THUNK_HEAP_ALLOCATE : THUNK_HEAP_ALIGN,
        .size = size,
        .unit = alignment,
    };

    if (!guest_is_there()) {
        return alone_allocate(alignment, size);
    }
    waiting_free();
    thunk_host_heap_ask(&frame);
    if (frame.result == NULL) {
        errno = ENOMEM;
    }
    return frame.result;
}

/* Of a block whose size nobody tells here; what lies behind it does no harm. */
static void *alone_resize(void *block, size_t size)
{
    enum { PIECE = 4096 };
    char *made = size == 0 ? NULL : alone_allocate(0, size);
    size_t done = 0, piece;

    if (size != 0 && made == NULL) {
        return NULL;
    }
    while (done < size) {
        const char *from = (const char *)block + done;

        piece = PIECE - (uintptr_t)from % PIECE;
        piece = piece < size - done ? piece : size - done;
        if (thunk_host_probe(made + done, from, piece) != THUNK_PROBE_DONE) {
            break;
        }
        done += piece;
    }
    wait_for_guest(block);
    return made;
}

static void *program_resize(void *block, size_t size)
{
    const enum thunk_owner owner = block_owner(block);
    struct thunk_heap_frame frame = {
        .operation = THUNK_HEAP_RESIZE,
        .block = block,
        .size = size,
        .is_known = owner == THUNK_OWNER_GUEST,
    };

    if (owner == THUNK_OWNER_HOST) {
        return realloc(block, size);
    }
    if (!guest_is_there()) {
        return alone_resize(block, size);
    }
    waiting_free();
    thunk_host_heap_ask(&frame);
    if (frame.is_foreign) {
        return realloc(block, size);
    }
    if (frame.result == NULL && size != 0) {
        errno = ENOMEM;
    }
    return frame.result;
}

/* 0 where it cannot be told. */
static size_t program_size(void *block)
{
    const enum thunk_owner owner = block_owner(block);
    struct thunk_heap_frame frame = {
        .operation = THUNK_HEAP_SIZE,
        .block = block,
        .is_known = owner == THUNK_OWNER_GUEST,
    };

    if (owner == THUNK_OWNER_HOST) {
        return malloc_usable_size(block);
    }
    if (!guest_is_there()) {
        return 0;
    }
    thunk_host_heap_ask(&frame);
    return frame.is_foreign ? malloc_usable_size(block) : frame.size;
}

/* ---- whichever it is ---- */

void *thunk_host_block_allocate(size_t size)
{
    return thunk_host_heap_is_shared() ? retried(thunk_host_shared_new, 0, size)
                                       : program_allocate(0, size);
}

void thunk_host_block_free(void *block)
{
    if (block == NULL) {
        return;
    }
    if (thunk_host_units_have(block)) {
        shared_free(block);
    } else if (!guest_is_emulated || thunk_host_heap_is_shared()) {
        free(block);
    } else {
        program_free(block);
    }
}

void *thunk_host_block_resize(void *block, size_t size)
{
    if (block == NULL) {
        return thunk_host_block_allocate(size);
    }
    if (thunk_host_units_have(block)) {
        return shared_resize(block, size);
    }
    return thunk_host_heap_is_shared() ? realloc(block, size)
                                       : program_resize(block, size);
}

static size_t block_usable(void *block)
{
    if (block == NULL) {
        return 0;
    }
    if (thunk_host_units_have(block)) {
        return thunk_host_shared_size(block);
    }
    return thunk_host_heap_is_shared() ? malloc_usable_size(block)
                                       : program_size(block);
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
    return thunk_host_heap_is_shared()
               ? retried(thunk_host_shared_align, power, size)
               : program_allocate(power, size);
}

/* False, with errno: there is no memory of so many bytes. */
static bool array_fits(size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size) {
        errno = ENOMEM;
        return false;
    }
    return true;
}

static void *array_allocate(size_t count, size_t size)
{
    void *block;

    if (!array_fits(count, size)) {
        return NULL;
    }
    if (thunk_host_heap_is_shared()) {
        return retried(thunk_host_shared_clear, 0, count * size);
    }
    block = program_allocate(0, count * size);
    return block == NULL ? NULL : memset(block, 0, count * size);
}

static void *array_resize(void *block, size_t count, size_t size)
{
    return array_fits(count, size)
               ? thunk_host_block_resize(block, count * size)
               : NULL;
}

static int block_align_checked(void **block, size_t alignment, size_t size)
{
    const int saved = errno;
    void *made;

    if (alignment % sizeof(void *) != 0 || alignment == 0 ||
        (alignment & (alignment - 1)) != 0) {
        return EINVAL;
    }
    made = block_align(alignment, size);
    errno = saved;
    if (made == NULL) {
        return ENOMEM;
    }
    *block = made;
    return 0;
}

static size_t page_size(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
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
    return page_align((size + page_size() - 1) / page_size() * page_size());
}

/* ---- what objects import ---- */

/* What QEMU's own libraries allocate stays libc's; and QEMU calls them as well,
 * which has no block of the program's. */
static void own_free(void *block)
{
    if (block != NULL && thunk_host_units_have(block)) {
        shared_free(block);
    } else if (block == NULL || thunk_host_heap_is_shared() ||
               !guest_is_there()) {
        free(block);
    } else {
        guest_free(block, block_owner(block));
    }
}

static void *own_resize(void *block, size_t size)
{
    if (block == NULL || (!thunk_host_units_have(block) &&
                          !thunk_host_heap_is_shared() && !guest_is_there())) {
        return realloc(block, size);
    }
    return thunk_host_block_resize(block, size);
}

static void *own_array_resize(void *block, size_t count, size_t size)
{
    return array_fits(count, size) ? own_resize(block, count * size) : NULL;
}

static size_t own_usable(void *block)
{
    return block == NULL || thunk_host_units_have(block) || guest_is_there()
               ? block_usable(block)
               : malloc_usable_size(block);
}

struct thunk_imports thunk_host_heap_imports_own(void)
{
    static const struct thunk_import imports[] = {
        {"free", (thunk_function)own_free},
        {"malloc_usable_size", (thunk_function)own_usable},
        {"realloc", (thunk_function)own_resize},
        {"reallocarray", (thunk_function)own_array_resize},
    };

    return (struct thunk_imports){imports, sizeof(imports) / sizeof(*imports)};
}

struct thunk_imports thunk_host_heap_imports(void)
{
    static const struct thunk_import imports[] = {
        {"aligned_alloc", (thunk_function)block_align},
        {"calloc", (thunk_function)array_allocate},
        {"free", (thunk_function)thunk_host_block_free},
        {"malloc", (thunk_function)thunk_host_block_allocate},
        {"malloc_usable_size", (thunk_function)block_usable},
        {"memalign", (thunk_function)block_align},
        {"posix_memalign", (thunk_function)block_align_checked},
        {"pvalloc", (thunk_function)pages_align},
        {"realloc", (thunk_function)thunk_host_block_resize},
        {"reallocarray", (thunk_function)array_resize},
        {"valloc", (thunk_function)page_align},
    };

    has_allocator = thunk_host_allocator_start();
    return (struct thunk_imports){imports, sizeof(imports) / sizeof(*imports)};
}

/* ---- copies for the program ---- */

void *thunk_host_block_make(size_t size)
{
    void *block = thunk_host_block_allocate(size);

    if (block == NULL) {
        thunk_log(THUNK_LOG_ERROR,
                  "no memory in the guest for %zu bytes that the program is "
                  "to free",
                  size);
    }
    return block;
}
