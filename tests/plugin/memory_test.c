/* SPDX-License-Identifier: MIT
 *
 * memory.c with QEMU's page flags played here, for a region of this process. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>

#include <cmocka.h>

#include "memory.h"
#include "thunk/protocol.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum {
    PAGE = 4096,
    WINDOW = 512, /* pages that memory.c brings up to date at once */
    PAGES = 8 * WINDOW,
    READ = 1,
    WRITE = 2,
    EXECUTE = 4,
    VALID = 8,
    WRITE_ORG = 16,
    GUEST = VALID | READ | WRITE | WRITE_ORG,
    NUMBER_WRITE = 1,
    NUMBER_SIGRETURN = 15,
    NUMBER_SIGRETURN_GENERIC = 139,
    NUMBER_WRITEV = 20,
};

static char *region;
static int flags_of[PAGES];
static int locked, changes;
static char guest_page[PAGE] __attribute__((aligned(PAGE)));

/* QEMU's functions; what is outside of the region has no flags and gets none.
 */
int page_get_flags(uint64_t address);
void page_set_flags(uint64_t start, uint64_t last, int flags, int clear);
void mmap_lock(void);
void mmap_unlock(void);

int page_get_flags(uint64_t address)
{
    const uint64_t page = (address - (uintptr_t)region) / PAGE;

    if (address - (uintptr_t)guest_page < PAGE) {
        return GUEST;
    }
    return region && address >= (uintptr_t)region && page < PAGES
               ? flags_of[page]
               : 0;
}

void page_set_flags(uint64_t start, uint64_t last, int flags, int clear)
{
    assert_int_equal(locked, 1);
    assert_int_equal(clear, -1);
    assert_int_equal(flags & EXECUTE, 0);
    assert_true(start <= last && start % PAGE == 0 && (last + 1) % PAGE == 0);
    assert_true(last - start <= INT32_MAX + 4UL * WINDOW * PAGE);
    changes++;
    for (uint64_t at = start; at <= last; at += PAGE) {
        const uint64_t page = (at - (uintptr_t)region) / PAGE;

        if (at >= (uintptr_t)region && page < PAGES) {
            assert_int_not_equal(flags_of[page], GUEST);
            flags_of[page] = flags | (flags & WRITE ? WRITE_ORG : 0);
        }
    }
}

void mmap_lock(void)
{
    locked++;
}

void mmap_unlock(void)
{
    locked--;
}

static char *page_at(size_t page)
{
    return region + page * PAGE;
}

static void see(int64_t number, uint64_t a2, uint64_t a3)
{
    const uint64_t arguments[MEMORY_ARGUMENTS] = {1, a2, a3};

    memory_see(number, arguments);
    assert_int_equal(locked, 0);
}

static void see_page(size_t page, size_t size)
{
    see(NUMBER_WRITE, (uintptr_t)page_at(page), size);
}

/* The rights in QEMU's flags of a page. */
static int rights(size_t page)
{
    return flags_of[page] & (VALID | READ | WRITE | EXECUTE);
}

/* A region on a window's boundary, all of it to be read and written. */
static int region_map(void **state)
{
    const size_t size = PAGES * PAGE;
    char *start = mmap(NULL, size + WINDOW * PAGE, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    const uintptr_t past = (uintptr_t)start % ((uintptr_t)WINDOW * PAGE);
    const uintptr_t skip = (uintptr_t)WINDOW * PAGE - past;

    (void)state;
    assert_ptr_not_equal(start, MAP_FAILED);
    munmap(start, skip);
    munmap(start + skip + size, past);
    region = start + skip;
    memset(flags_of, 0, sizeof flags_of);
    changes = 0;
    memory_install("x86_64");
    memory_start((uintptr_t)guest_page);
    return 0;
}

static int region_unmap(void **state)
{
    (void)state;
    munmap(region, PAGES * PAGE);
    region = NULL;
    return 0;
}

static void host_is_known(void **state)
{
    (void)state;
    mprotect(page_at(1), PAGE, PROT_READ);
    mprotect(page_at(2), PAGE, PROT_READ | PROT_EXEC);
    mprotect(page_at(3), PAGE, PROT_NONE);
    see_page(0, 10);
    assert_int_equal(rights(0), VALID | READ | WRITE);
    assert_int_equal(rights(1), VALID | READ);
    assert_int_equal(rights(2), VALID | READ);
    assert_int_equal(rights(3), 0);
    assert_int_equal(rights(WINDOW - 1), VALID | READ | WRITE);
    assert_int_equal(rights(WINDOW), 0);
    changes = 0;
    see_page(0, 3 * PAGE);
    assert_int_equal(changes, 0);
}

static void guest_is_left(void **state)
{
    (void)state;
    flags_of[5] = flags_of[7] = GUEST;
    see_page(5, 10);
    assert_int_equal(changes, 0);
    see_page(6, 10);
    assert_int_equal(flags_of[5], GUEST);
    assert_int_equal(flags_of[7], GUEST);
    assert_int_equal(rights(6), VALID | READ | WRITE);
}

static void buffer_is_known_whole(void **state)
{
    (void)state;
    see_page(0, 1);
    see_page(PAGES - 1, 1);
    assert_int_equal(rights(4 * WINDOW), 0);
    see_page(0, PAGES * PAGE);
    for (size_t i = 0; i < PAGES; i++) {
        assert_int_equal(rights(i), VALID | READ | WRITE);
    }
}

/* A structure whose size is no argument, over the end of what is known. */
static void structure_is_known(void **state)
{
    (void)state;
    see_page(0, 1);
    see(NUMBER_WRITE, (uintptr_t)page_at(WINDOW) - 8, 1);
    assert_int_equal(rights(WINDOW), VALID | READ | WRITE);
}

static void unmapped_is_forgotten(void **state)
{
    (void)state;
    see_page(0, PAGES * PAGE);
    munmap(page_at(3), 2 * PAGE);
    see_page(3, 10);
    assert_int_equal(rights(2), VALID | READ | WRITE);
    assert_int_equal(rights(3), 0);
    assert_int_equal(rights(4), 0);
    assert_int_equal(rights(5), VALID | READ | WRITE);
    munmap(page_at(WINDOW), WINDOW * PAGE);
    see_page(WINDOW + 9, 10);
    assert_int_equal(rights(WINDOW), 0);
    assert_int_equal(rights(2 * WINDOW - 1), 0);
    assert_int_equal(rights(2 * WINDOW), VALID | READ | WRITE);
    /* The guest maps there: its own flags, which stay. */
    flags_of[3] = GUEST;
    see_page(4, 10);
    assert_int_equal(flags_of[3], GUEST);
}

static void vectors_are_followed(void **state)
{
    struct iovec *vectors = (struct iovec *)(void *)(guest_page + 100 * 16);

    (void)state;
    vectors[0] = (struct iovec){page_at(0), 1};
    vectors[1] = (struct iovec){page_at(WINDOW), 2 * WINDOW * PAGE};
    see(NUMBER_WRITE, (uintptr_t)vectors, 2);
    assert_int_equal(rights(0), 0);
    see(NUMBER_WRITEV, (uintptr_t)vectors, 2);
    assert_int_equal(rights(0), VALID | READ | WRITE);
    assert_int_equal(rights(3 * WINDOW - 1), VALID | READ | WRITE);
    assert_int_equal(rights(3 * WINDOW), 0);
    see(NUMBER_WRITEV, (uintptr_t)vectors, UINT64_MAX / 16);
    see(NUMBER_WRITEV, UINT64_MAX - 4, 3);
}

/* A call that takes no arguments has registers all the same. */
static void return_has_no_arguments(void **state)
{
    (void)state;
    see(NUMBER_SIGRETURN, (uintptr_t)page_at(0), 10);
    assert_int_equal(changes, 0);
    memory_install("aarch64");
    see(NUMBER_SIGRETURN_GENERIC, (uintptr_t)page_at(0), 10);
    assert_int_equal(changes, 0);
    see(NUMBER_SIGRETURN, (uintptr_t)page_at(0), 10);
    assert_int_not_equal(changes, 0);
}

/* Also once QEMU knows a page of the host's. */
static void owners_are_told(void **state)
{
    (void)state;
    flags_of[5] = GUEST;
    assert_int_equal(memory_owner((uintptr_t)page_at(5) + 8),
                     THUNK_OWNER_GUEST);
    assert_int_equal(memory_owner((uintptr_t)page_at(4)), THUNK_OWNER_HOST);
    see_page(4, 10);
    assert_int_equal(rights(4), VALID | READ | WRITE);
    assert_int_equal(memory_owner((uintptr_t)page_at(4)), THUNK_OWNER_HOST);
    assert_int_equal(memory_owner(0), THUNK_OWNER_HOST);
}

/* Whatever the arguments are, nothing is read that is not there. */
static void numbers_are_numbers(void **state)
{
    const uint64_t seeds[] = {0, (uintptr_t)region, 1UL << 47, UINT64_MAX,
                              (uintptr_t)&state};
    uint64_t random = 1;

    (void)state;
    munmap(page_at(1), (PAGES - 2) * PAGE);
    for (int i = 0; i < 3000; i++) {
        uint64_t arguments[MEMORY_ARGUMENTS];

        for (size_t k = 0; k < COUNT(arguments); k++) {
            random = random * 6364136223846793005U + 1442695040888963407U;
            arguments[k] = seeds[random >> 33 & 3] +
                           (random >> 40 & ((1UL << (random >> 58)) - 1));
        }
        memory_see((int64_t)(random >> 20 & 511), arguments);
        memory_see((int64_t)random, arguments);
    }
    assert_int_equal(locked, 0);
}

int main(void)
{
#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown(name, region_map, region_unmap)
    const struct CMUnitTest tests[] = {
        CASE(host_is_known),           CASE(guest_is_left),
        CASE(buffer_is_known_whole),   CASE(structure_is_known),
        CASE(unmapped_is_forgotten),   CASE(vectors_are_followed),
        CASE(return_has_no_arguments), CASE(owners_are_told),
        CASE(numbers_are_numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
