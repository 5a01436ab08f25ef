/* SPDX-License-Identifier: MIT
 *
 * Memory is given to the allocator by the unit, so one bit for each tells whose
 * a block is. The allocator asks the kernel for it in large pieces, by mmap(),
 * which is ours in its table of imports: it gets memory that the guest has
 * mapped. Where there is none left a call fails, the guest maps more and calls
 * again, since no code of the guest's can run in the middle of the allocator.
 */
#include "units.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "host.h"
#include "imports.h"

enum {
    FREE_COUNT = 4096,

    /* What blocks are in is aligned as the allocator wants it, so that it asks
     * but once. */
    LARGE_MIN = 1 << 20,
    SMALL_ALIGNMENT = 1 << 16,
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* What it reserves for tables of its own, and never touches most of. */
#define RESERVE_MIN ((size_t)1 << 30)

uint64_t thunk_host_units[THUNK_UNITS_WORDS];

__thread size_t thunk_host_units_wanted
    __attribute__((tls_model("initial-exec")));
__thread bool thunk_host_units_alone __attribute__((tls_model("initial-exec")));

/* Pages that nothing is in, in runs. */
static struct run {
    uintptr_t start;
    size_t size;
} runs[FREE_COUNT];
static size_t run_count;

static size_t units_round(size_t size)
{
    return (size + THUNK_UNIT - 1) & ~(THUNK_UNIT - 1);
}

static size_t all_size;

size_t thunk_host_units_size(void)
{
    return __atomic_load_n(&all_size, __ATOMIC_RELAXED);
}

static void units_note(uintptr_t start, size_t size)
{
    __atomic_fetch_add(&all_size, size, __ATOMIC_RELAXED);
    for (uintptr_t at = start; at < start + size; at += THUNK_UNIT) {
        const uintptr_t unit = at >> THUNK_UNIT_BITS;

        __atomic_fetch_or(&thunk_host_units[unit / THUNK_UNITS_WORD],
                          (uint64_t)1 << unit % THUNK_UNITS_WORD,
                          __ATOMIC_RELAXED);
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

void thunk_host_units_give(uintptr_t start, size_t size)
{
    units_note(start, size);
    thunk_host_lock_last();
    run_add(start, size);
    thunk_host_unlock_last();
}

/* Memory that the guest does not know of. 0: none. */
static uintptr_t units_map(size_t size)
{
    char *start = mmap(NULL, size + THUNK_UNIT, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    uintptr_t first;

    if (start == MAP_FAILED) {
        return 0;
    }
    first = units_round((uintptr_t)start);
    if (first > (uintptr_t)start) {
        munmap(start, first - (uintptr_t)start);
    }
    munmap((char *)first + size, (uintptr_t)start + THUNK_UNIT - first);
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
    if (thunk_host_units_wanted != 0) {
        errno = ENOMEM; /* version 3 would then take a small piece instead */
        return MAP_FAILED;
    }
    thunk_host_lock_last();
    start = run_take(whole, size < LARGE_MIN ? SMALL_ALIGNMENT : THUNK_UNIT);
    thunk_host_unlock_last();
    if (start == 0 && thunk_host_units_alone &&
        (start = units_map(units_round(size))) != 0) {
        thunk_host_lock_last();
        run_add(start + whole, units_round(size) - whole);
        thunk_host_unlock_last();
    }
    if (start == 0) {
        thunk_host_units_wanted = units_round(size);
        errno = ENOMEM;
        return MAP_FAILED;
    }
    return (void *)start;
}

static int piece_unmap(void *start, size_t size)
{
    if (!thunk_host_units_have(start)) {
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
    return thunk_host_units_have(start) ? 0 : mprotect(start, size, protection);
}

void thunk_host_units_serve(void *handle)
{
    static const struct thunk_import imports[] = {
        {"mmap", (thunk_function)piece_map},
        {"mprotect", (thunk_function)piece_protect},
        {"munmap", (thunk_function)piece_unmap},
    };

    thunk_host_imports_set(handle, imports, COUNT(imports));
}
