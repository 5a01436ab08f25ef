/* SPDX-License-Identifier: MIT
 * Host function pointers that stand for guest functions. */
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <thunk/host.h>

#include "check.h"
#include "emulate.h"
#include "guest.h"
#include "loop.h"
#include "maps.h"
#include "thunk_trampoline.h"

enum { COUNT = 20000, THREADS = 8 };

static void code_one(void)
{
}

static void code_two(void)
{
}

static const struct thunk_host_callback callbacks[] = {
    {"one", code_one, "one()"}, {"two", code_two, "two()"}};
static const struct thunk_table table = {.soname = "libtest.so"};
static struct thunk_host_library library = {.table = &table,
                                            .callbacks = callbacks};
static struct thunk_host_library other = {.table = &table,
                                          .callbacks = callbacks};

static thunk_function guest(uintptr_t number)
{
    return (thunk_function)(UINT64_C(0x400000000000) + 16 * number);
}

static void same_for_same(void)
{
    thunk_function one = thunk_host_trampoline(&library, 0, guest(1));

    CHECK(one != NULL && one != guest(1));
    CHECK(thunk_host_trampoline(&library, 0, guest(1)) == one);
    CHECK(thunk_host_trampoline(&library, 1, guest(1)) != one);
    CHECK(thunk_host_trampoline(&other, 0, guest(1)) != one);
    CHECK(thunk_host_trampoline(&library, 0, guest(2)) != one);
    CHECK(thunk_host_trampoline(&library, 0, NULL) == NULL);
    thunk_host_adopt(&library, 0, NULL);
    thunk_host_adopt(&library, 0, guest(1));
    CHECK(thunk_host_trampoline(&library, 0, guest(1)) == one);
}

/* A trampoline that comes back as if it were the guest's. */
static void trampoline_of_trampoline(void)
{
    thunk_function one = thunk_host_trampoline(&library, 0, guest(1));

    CHECK(thunk_host_trampoline(&library, 0, one) == one);
    CHECK(thunk_host_trampoline(&library, 1, one) == one);
    CHECK(thunk_host_trampoline(&other, 0, one) == one);
    CHECK(thunk_host_trampoline(&library, 0, one) == one);
    thunk_host_adopt(&library, 0, one);
}

/* The pool may lie where a library of the guest's has been, and the program
 * may still call into that: only the start of a trampoline is a function. */
static void nothing_beside_trampolines(void)
{
    uintptr_t one;

    CHECK_SAME(loop_add(1, 1), 2); /* attaches */
    one = (uintptr_t)thunk_host_trampoline(&library, 0, guest(3));
    CHECK(thunk_guest_net_find(one) == guest(3));
    CHECK(thunk_guest_net_find(one + 4) == NULL);
    CHECK(thunk_guest_net_find(one + THUNK_TRAMPOLINE_SIZE) == NULL);
    one += THUNK_TRAMPOLINE_SIZE; /* is about to be one */
    CHECK((uintptr_t)thunk_host_trampoline(
              &library, 0, (thunk_function)(one + THUNK_TRAMPOLINE_SIZE)) ==
          one);
}

static pthread_barrier_t barrier;

static void *thread_asks(void *argument)
{
    thunk_function *found = argument;

    pthread_barrier_wait(&barrier);
    for (uintptr_t i = 0; i < COUNT; i++) {
        found[i] = thunk_host_trampoline(&library, 0, guest(i + 1));
    }
    return NULL;
}

static int pointer_compare(const void *one, const void *two)
{
    uintptr_t a = *(const uintptr_t *)one;
    uintptr_t b = *(const uintptr_t *)two;

    return (a > b) - (a < b);
}

static void same_on_all_threads(void)
{
    thunk_function *found = calloc(THREADS * COUNT, sizeof(*found));
    pthread_t threads[THREADS];
    char line[256];

    CHECK(found != NULL);
    CHECK(pthread_barrier_init(&barrier, NULL, THREADS) == 0);
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&threads[i], NULL, thread_asks,
                             found + i * COUNT) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    for (int i = 1; i < THREADS; i++) {
        CHECK(memcmp(found, found + i * COUNT, COUNT * sizeof(*found)) == 0);
    }
    qsort(found, COUNT, sizeof(*found), pointer_compare);
    CHECK(found[0] != NULL);
    for (int i = 1; i < COUNT; i++) {
        CHECK(found[i] != found[i - 1]);
    }
    if (maps_has_writable_code(line, sizeof(line))) {
        check_fail(__FILE__, __LINE__, line);
    }
    free(found);
}

static long visit(void *context, long value)
{
    CHECK(emulate_last() == (char *)context + 4 * value);
    return value;
}

/* More than one chunk of them, each called, and each means its own target. */
static void all_callable(void)
{
    char *code = emulate_guest_code(2 * 65536, visit);
    long step = check_is_emulated() ? 3 : 1;

    for (int round = 0; round < 2; round++) {
        for (long i = 0; i < COUNT; i += step) {
            CHECK_SAME(
                loop_call((loop_visit)(uintptr_t)(code + 4 * i), code, i),
                i + 1);
        }
    }
}

const struct check_test trampoline_tests[] = {
    {"same_for_same", same_for_same},
    {"trampoline_of_trampoline", trampoline_of_trampoline},
    {"nothing_beside_trampolines", nothing_beside_trampolines},
    {"same_on_all_threads", same_on_all_threads},
    {"all_callable", all_callable},
    {NULL, NULL},
};
