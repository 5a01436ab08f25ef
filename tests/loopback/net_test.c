/* SPDX-License-Identifier: MIT
 * Calls through function pointers without a type, in both directions. Both
 * sides are of one ISA here, so all that registers hold must come through, and
 * what is on the stack. */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <thunk/net.h>

#include "check.h"
#include "emulate.h"
#include "guest.h"
#include "loop.h"

/* The stub for a host function, as a fault in the guest would find it. */
static thunk_function stub_of(thunk_function host)
{
    thunk_function stub;

    CHECK_SAME(loop_add(1, 1), 2); /* attaches */
    stub = thunk_guest_net_find((uintptr_t)host);
    CHECK(stub != NULL && stub != host);
    CHECK(thunk_guest_net_find((uintptr_t)host) == stub);
    return stub;
}

/* As if the guest had found a function of the host's library somewhere. */
static thunk_function hidden(enum loop_hidden which)
{
    return (thunk_function)(uintptr_t)loop_hidden(which);
}

#define HOST(function, which) ((__typeof__(&(function)))stub_of(hidden(which)))

static void mixed_to_host(void)
{
    double expected = loop_mix(1, 1.5, -2, 2.5f, 3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5,
                               7, 7.5, 8, 8.5, 9, 9.5, 10, 10.5);

    for (int i = 0; i < 100; i++) {
        CHECK(HOST(loop_mix, LOOP_HIDDEN_MIX)(1, 1.5, -2, 2.5f, 3, 3.5, 4, 4.5,
                                              5, 5.5, 6, 6.5, 7, 7.5, 8, 8.5, 9,
                                              9.5, 10, 10.5) == expected);
    }
}

static void structs_to_host(void)
{
    struct loop_large large = HOST(loop_fill, LOOP_HIDDEN_FILL)(5),
                      expected = loop_fill(5);
    struct loop_pair pair = {3, 4.5};
    struct loop_pair got = HOST(loop_swap, LOOP_HIDDEN_SWAP)(pair, large);
    struct loop_pair wanted = loop_swap(pair, large);

    CHECK(memcmp(&large, &expected, sizeof(large)) == 0);
    CHECK_SAME(got.number, wanted.number);
    CHECK(got.real == wanted.real);
}

static void errno_to_host(void)
{
    errno = EDOM;
    CHECK_SAME(HOST(loop_add, LOOP_HIDDEN_ADD)(2, 3), 5);
    CHECK_SAME(errno, EDOM);
    (void)HOST(loop_errno, LOOP_HIDDEN_ERRNO)(ERANGE);
    CHECK_SAME(errno, ERANGE);
}

static long visit(void *context, long value)
{
    *(long *)context += 1;
    return loop_add(value, 100);
}

/* A trampoline that the guest has found in a struct of the host's. */
static void own_function_comes_back(void)
{
    long visits = 0;

    (void)loop_set(visit);
    CHECK_SAME(loop_use(&visits, 1), 101);
    CHECK(hidden(LOOP_HIDDEN_KEPT) != (thunk_function)visit);
    CHECK(thunk_guest_net_find((uintptr_t)hidden(LOOP_HIDDEN_KEPT)) ==
          (thunk_function)visit);
}

static long count;

/* What is no function of the host's stays a fault. */
static void no_function(void)
{
    (void)stub_of(hidden(LOOP_HIDDEN_ADD));
    CHECK(thunk_guest_net_find(0) == NULL);
    CHECK(thunk_guest_net_find(0xdead0000) == NULL);
    CHECK(thunk_guest_net_find((uintptr_t)&count) == NULL);
    CHECK(thunk_guest_net_find((uintptr_t)check_fail - 4096 * 4096) == NULL);
}

/* ---- the host calls guest functions ---- */

static void visit_to_guest(void)
{
    long visits = 0;
    char *code = emulate_guest_code(4096, visit);

    CHECK_SAME(loop_add(1, 1), 2);
    for (int i = 1; i <= 100; i++) {
        CHECK_SAME(loop_call_hidden(code + 16, &visits, i), i + 101);
        CHECK_SAME(visits, i);
    }
    /* One fault of the host's, and one of the guest's that QEMU has not. */
    CHECK(emulate_last() == code + 16);
}

static double mixed(int i1, double d1, short i2, float f1, long i3, double d2,
                    unsigned char i4, double d3, long i5, double d4, long i6,
                    double d5, long i7, double d6, long i8, double d7, long i9,
                    double d8, long i10, double d9)
{
    return loop_mix(i1, d1, i2, f1, i3, d2, i4, d3, i5, d4, i6, d5, i7, d6, i8,
                    d7, i9, d8, i10, d9);
}

static void mixed_to_guest(void)
{
    char *code = emulate_guest_code(4096, (loop_visit)(thunk_function)mixed);

    CHECK(loop_call_hidden_mixed(code) == loop_call_mixed(mixed));
}

static struct loop_pair turn(struct loop_pair pair, struct loop_large large)
{
    return loop_swap(pair, large);
}

static void structs_to_guest(void)
{
    char *code = emulate_guest_code(4096, (loop_visit)(thunk_function)turn);
    struct loop_pair wanted = loop_call_turn(turn, 7);
    struct loop_pair got = loop_call_hidden_turn(code, 7);

    CHECK_SAME(got.number, wanted.number);
    CHECK(got.real == wanted.real);
}

static void *many_calls(void *code)
{
    long visits = 0;

    for (long i = 0; i < 500; i++) {
        CHECK_SAME(loop_call_hidden(code, &visits, i), i + 101);
        CHECK_SAME(HOST(loop_add, LOOP_HIDDEN_ADD)(i, 1), i + 1);
    }
    return NULL;
}

static void threads(void)
{
    pthread_t workers[4];
    char *code = emulate_guest_code(4096, visit);

    for (int i = 0; i < 4; i++) {
        CHECK(pthread_create(&workers[i], NULL, many_calls, code) == 0);
    }
    for (int i = 0; i < 4; i++) {
        CHECK(pthread_join(workers[i], NULL) == 0);
    }
}

/* NULL is a crash of the host's, told with who called it. */
static void call_null(void)
{
    CHECK_SAME(loop_add(1, 1), 2);
    (void)loop_call_hidden(NULL, NULL, 1);
}

static void null_is_reported(void)
{
    struct check_child child = check_child_run(call_null);

    CHECK(strstr(child.errors, "host code crashed: jump to 0x0 at 0x") != NULL);
    CHECK(strstr(child.errors, "in loop_call of ") != NULL);
    CHECK(strstr(child.errors, "libloop.so.1: loop_call_hidden: SIGSEGV") !=
          NULL);
}

const struct check_test net_tests[] = {
    {"mixed_to_host", mixed_to_host},
    {"structs_to_host", structs_to_host},
    {"errno_to_host", errno_to_host},
    {"own_function_comes_back", own_function_comes_back},
    {"no_function", no_function},
    {"visit_to_guest", visit_to_guest},
    {"mixed_to_guest", mixed_to_guest},
    {"structs_to_guest", structs_to_guest},
    {"threads", threads},
    {"null_is_reported", null_is_reported},
    {NULL, NULL},
};
