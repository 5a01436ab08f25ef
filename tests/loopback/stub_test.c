/* SPDX-License-Identifier: MIT
 * Guest function pointers that stand for host functions, and what becomes of
 * function pointers that cross back. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "aligned.h"
#include "asm/probe.h"
#include "check.h"
#include "door.h"
#include "emulate.h"
#include "guest.h"
#include "loop.h"
#include "maps.h"

static long ten(void *context, long value)
{
    (void)context;
    return 10 * value;
}

static long twenty(void *context, long value)
{
    (void)context;
    return 20 * value;
}

static loop_visit constant(intptr_t value)
{
    return (loop_visit)value;
}

/* As with XSetErrorHandler(): the previous one comes back. */
static void set_and_get(void)
{
    loop_visit preset = loop_set(ten);

    CHECK(preset != NULL && preset != ten);
    CHECK_SAME(preset(NULL, 5), 5 + LOOP_PRESET_HOST);
    CHECK_SAME(loop_use(NULL, 5), 50);
    CHECK(loop_set(twenty) == ten);
    CHECK(loop_set(ten) == twenty);
    CHECK(loop_set(preset) == ten);
    CHECK(loop_is_preset());
    CHECK_SAME(loop_use(NULL, 5), 5 + LOOP_PRESET_HOST);
    CHECK(loop_set(preset) == preset);
}

static void constants(void)
{
    static const intptr_t values[] = {0, 1, 4095, -1, -4096};
    loop_visit preset = loop_set(NULL);

    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        loop_set(constant(values[i]));
        CHECK(loop_visit_at((const void *)values[i]) == constant(values[i]));
        CHECK(loop_set(constant(values[i])) == constant(values[i]));
    }
    loop_set(preset);
    CHECK(loop_is_preset());
}

static void arguments(void)
{
    loop_mixed mixed = loop_get_mixed();
    loop_turn turn = loop_get_turn();
    struct loop_large large = {{0, 0, 0, 0, 0, 0, 0, 0, 7}};
    struct loop_pair pair = {.number = 60, .real = 2};

    CHECK(mixed(1, 1.5, -2, 2.5F, 3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7, 7.5, 8,
                8.5, 9, 9.5, 10, 10.5) == loop_mix(1, 1.5, -2, 2.5F, 3, 3.5, 4,
                                                   4.5, 5, 5.5, 6, 6.5, 7, 7.5,
                                                   8, 8.5, 9, 9.5, 10, 10.5));
    pair = turn(pair, large);
    CHECK(pair.number == 9 && pair.real == 60);
}

static void errno_rules(void)
{
    loop_error error = loop_get_errno();

    errno = ENOTTY;
    CHECK_SAME(error(0), 0); /* the host starts with none */
    CHECK_SAME(errno, ENOTTY);
    CHECK_SAME(error(EDOM), 0);
    CHECK_SAME(errno, EDOM);
    CHECK(loop_get_many(0) != NULL); /* to make one changes none */
    CHECK_SAME(errno, EDOM);
}

/* Through a stub to the host, back by a trampoline, and so on. */
static long descend(void *context, long depth)
{
    loop_caller caller = *(loop_caller *)context;

    CHECK(stack_is_aligned());
    return depth == 100 ? 0 : caller(descend, context, depth + 1);
}

static void nested(void)
{
    loop_caller caller = loop_get_caller();

    CHECK_SAME(caller(descend, &caller, 1), 100);
    CHECK_SAME(caller(loop_get_many(3), NULL, 1), 14);
}

static loop_visit seen;

static loop_visit choose(loop_visit preset, long value)
{
    seen = preset;
    CHECK_SAME(preset(NULL, value), value + LOOP_PRESET_HOST);
    return value == 1 ? preset : value == 2 ? ten : loop_get_many(5);
}

static void fill(loop_visit *visit)
{
    *visit = twenty;
}

static void in_callbacks(void)
{
    loop_visit preset = loop_set(ten);

    CHECK_SAME(loop_choose_by(choose, NULL, 1), 1 + LOOP_PRESET_HOST);
    CHECK(seen == preset);
    CHECK_SAME(loop_choose_by(choose, NULL, 2), 20);
    CHECK_SAME(loop_choose_by(choose, NULL, 3), 35);
    CHECK_SAME(loop_fill_by(fill, NULL, 3), 60);
}

static void places(void)
{
    loop_visit preset = loop_set(ten);
    loop_visit found = constant(0x1234567);

    CHECK_SAME(loop_find(LOOP_NEITHER, &found), -1);
    CHECK(found == constant(0x1234567));
    CHECK_SAME(loop_find(LOOP_NEITHER, NULL), -1);
    CHECK_SAME(loop_find(LOOP_PRESET, &found), 0);
    CHECK(found == preset);
    CHECK_SAME(loop_find(LOOP_PRESET, &found), 0);
    CHECK(found == preset);
    CHECK_SAME(loop_find(LOOP_KEPT, &found), 0);
    CHECK(found == ten);
    found = twenty;
    loop_exchange(&found);
    CHECK(found == ten);
    CHECK_SAME(loop_use(NULL, 3), 60);
    found = preset;
    loop_exchange(&found);
    CHECK(found == twenty);
    CHECK_SAME(loop_use(NULL, 3), 3 + LOOP_PRESET_HOST);
    CHECK(loop_set(ten) == preset);
}

static struct loop_set_of change(struct loop_set_of set)
{
    CHECK_SAME(set.preset(NULL, 1), 1 + LOOP_PRESET_HOST);
    CHECK(set.inner.kept[0] == ten && set.inner.kept[1] == ten);
    set.inner.kept[0] = twenty;
    return set;
}

static void structs(void)
{
    loop_visit preset = loop_set(ten);
    struct loop_set_of set = loop_get_set();

    CHECK(set.preset == preset);
    CHECK(set.inner.kept[0] == ten && set.inner.kept[1] == ten);
    CHECK_SAME(loop_change_by(change, NULL, 1), 1 + LOOP_PRESET_HOST + 30);
    CHECK_SAME(loop_change_by(loop_get_change(), NULL, 1), 30);
    set.inner.kept[0] = preset;
    set = loop_get_change()(set);
    CHECK(set.preset == preset && set.inner.kept[1] == preset);
    CHECK_SAME(set.preset(NULL, 1), 1 + LOOP_PRESET_HOST);
}

/* What the host has from the guest without knowing its type stays as it is. */
static void own_untouched(void)
{
    char *code = emulate_guest_code(4096, ten);
    struct loop_operations operations = {
        .visit = (loop_visit)(uintptr_t)(code + 16)};
    loop_visit one = operations.visit;
    loop_visit other = (loop_visit)(uintptr_t)(code + 32);

    CHECK(loop_visit_of(&operations) == one);
    CHECK(loop_visit_at(code + 32) == other);
    CHECK(loop_visit_at(code + 32) == other);
    CHECK_SAME(loop_each(&one, 1, NULL, 4), 40);
    loop_set(other);
    CHECK(loop_set(ten) == other);
}

enum { THREADS = 8, ROUNDS = 2000 };

static pthread_barrier_t barrier;

static void *thread_asks(void *argument)
{
    loop_visit *found = argument;

    pthread_barrier_wait(&barrier);
    for (int i = 0; i < LOOP_MANY; i++) {
        found[i] = loop_get_many(i);
    }
    for (long i = 0; i < (check_is_emulated() ? ROUNDS / 10 : ROUNDS); i++) {
        int which = (int)i % LOOP_MANY;

        CHECK(loop_get_many(which) == found[which]);
        CHECK_SAME(found[which](NULL, i), 10 * i + which);
    }
    return NULL;
}

static void same_on_all_threads(void)
{
    static loop_visit found[THREADS][LOOP_MANY];
    pthread_t threads[THREADS];
    char line[256];

    CHECK(pthread_barrier_init(&barrier, NULL, THREADS) == 0);
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&threads[i], NULL, thread_asks, found[i]) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
        CHECK(memcmp(found[i], found[0], sizeof(found[i])) == 0);
    }
    if (maps_has_writable_code(line, sizeof(line))) {
        check_fail(__FILE__, __LINE__, line);
    }
}

static loop_visit before_fork;

static void child(void)
{
    CHECK_SAME(before_fork(NULL, 1), 11);
    CHECK(loop_get_many(1) == before_fork);
    CHECK_SAME(loop_get_many(2)(NULL, 1), 12);
}

static void forked(void)
{
    struct check_child result;

    if (CHECK_THREAD_SANITIZER) {
        check_skip("a forked child has none of its parent's fibers");
    }
    before_fork = loop_get_many(1);
    result = check_child_run(child);
    if (result.status != 0) {
        check_fail(__FILE__, __LINE__, result.errors);
    }
    CHECK_SAME(loop_get_many(2)(NULL, 1), 12);
}

/* Without a host there is nothing to stand for. */
static void fallback(void)
{
    loop_visit preset;

    door_set_present(false);
    preset = loop_set(ten);
    CHECK_SAME(preset(NULL, 1), 1 + LOOP_PRESET_GUEST);
    CHECK(loop_set(preset) == ten);
    CHECK(loop_is_preset());
    CHECK_SAME(door_count(), 0);
}

/* ---- functions that are had by name ---- */

typedef long (*named)(long value);

static named named_get(int object, const char *name)
{
    return (named)loop_procedure(object, name);
}

static void procedures(void)
{
    named first = named_get(0, "loop_named");
    named second = named_get(1, "loop_named");
    named other = named_get(1, "loop_named_as_well");

    CHECK_SAME(first(1), 101);
    CHECK_SAME(second(1), 102);
    CHECK_SAME(other(1), 102); /* a leaf */
    CHECK(first != second && second != other);
    CHECK(named_get(0, "loop_named") == first);
    CHECK(named_get(1, "loop_named") == second);
    CHECK(named_get(0, "loop_named_as_well") == other);
}

/* What the library exports is the thunk's own, unless it is another one. */
static void procedures_exported(void)
{
    struct loop_pair pair = {.number = 3, .real = 4};
    struct loop_large large = {{0}};
    __typeof__(&loop_swap) other =
        (__typeof__(&loop_swap))loop_procedure(0, "loop_swap");
    __typeof__(&loop_procedure) again =
        (__typeof__(&loop_procedure))loop_procedure(0, "loop_procedure");

    CHECK(loop_procedure(0, "loop_add") == (loop_function)loop_add);
    CHECK(loop_procedure(0, "loop_format") == (loop_function)loop_format);
    CHECK(again == loop_procedure);
    CHECK(again(1, "loop_named") == loop_procedure(1, "loop_named"));
    CHECK(other != NULL && other != loop_swap);
    CHECK(other(pair, large).real == loop_swap(pair, large).real);
}

static void procedures_none(void)
{
    CHECK(loop_procedure(0, "loop_unheard") == NULL);
    CHECK(loop_procedure(0, "loop_") == NULL);
    CHECK(loop_procedure(0, "") == NULL);
    CHECK(loop_procedure(0, NULL) == NULL);
}

static long call_in_callback(void *context, long value)
{
    return named_get((int)value % 2, context)(value);
}

/* Stubs that are made, and called, inside of a callback. */
static void procedures_nested(void)
{
    char name[] = "loop_named";

    CHECK_SAME(loop_call(call_in_callback, name, 5), 107);
    CHECK_SAME(loop_call(call_in_callback, name, 6), 107);
    CHECK_SAME(loop_call((loop_visit)loop_procedure(0, name), (void *)7, 0),
               108);
}

/* ---- the guest's half alone ---- */

typedef thunk_function (*asker)(int depth);

static thunk_function number(uintptr_t value)
{
    return (thunk_function)(UINT64_C(0x400000000000) + value);
}

static asker stub_make(thunk_function function, asker code)
{
    struct thunk_stub_frame frame = {.function = function};

    thunk_guest_stub_make((thunk_function)code, &frame.head);
    CHECK(frame.result != NULL);
    return (asker)frame.result;
}

static void keeps_arguments(void)
{
    struct thunk_stub_frame frame = {.function = number(1)};

    thunk_guest_stub_make(probe_callee, &frame.head);
    probe_check(frame.result);
    CHECK(thunk_guest_target() == number(1));
}

static asker stub_of_depth[8];

/* Does before it asks what a signal handler might do there. */
static thunk_function interrupted_ask(int depth)
{
    if (depth > 0) {
        CHECK(stub_of_depth[depth - 1](depth - 1) ==
              number((uintptr_t)depth - 1));
    }
    return thunk_guest_target();
}

static jmp_buf away;

static thunk_function ask_never(int depth)
{
    (void)depth;
    longjmp(away, 1);
}

static void interrupted_targets(void)
{
    asker never = stub_make(number(99), ask_never);

    for (uintptr_t i = 0; i < 8; i++) {
        stub_of_depth[i] = stub_make(number(i), interrupted_ask);
    }
    for (int round = 0; round < 20; round++) {
        for (int depth = 0; depth < 8; depth++) {
            CHECK(stub_of_depth[depth](depth) == number((uintptr_t)depth));
        }
        if (setjmp(away) == 0) {
            never(0);
        }
    }
}

static thunk_function ask(int depth)
{
    (void)depth;
    return thunk_guest_target();
}

enum { MANY = 10000 };

/* More than one chunk of them. */
static void many(void)
{
    asker *stubs = calloc(MANY, sizeof(*stubs));
    char line[256];

    CHECK(stubs != NULL);
    for (uintptr_t i = 0; i < MANY; i++) {
        stubs[i] = stub_make(number(i), ask);
    }
    for (uintptr_t i = 0; i < MANY; i++) {
        CHECK(stubs[i](0) == number(i));
    }
    if (maps_has_writable_code(line, sizeof(line))) {
        check_fail(__FILE__, __LINE__, line);
    }
    free(stubs);
}

const struct check_test stub_tests[] = {
    {"set_and_get", set_and_get},
    {"constants", constants},
    {"arguments", arguments},
    {"errno_rules", errno_rules},
    {"nested", nested},
    {"in_callbacks", in_callbacks},
    {"places", places},
    {"structs", structs},
    {"own_untouched", own_untouched},
    {"same_on_all_threads", same_on_all_threads},
    {"forked", forked},
    {"fallback", fallback},
    {"procedures", procedures},
    {"procedures_exported", procedures_exported},
    {"procedures_none", procedures_none},
    {"procedures_nested", procedures_nested},
    {"keeps_arguments", keeps_arguments},
    {"interrupted_targets", interrupted_targets},
    {"many", many},
    {NULL, NULL},
};
