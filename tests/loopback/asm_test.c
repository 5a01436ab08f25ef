/* SPDX-License-Identifier: MIT
 * The assembly of runtime/arch alone. */
#include <stdlib.h>
#include <string.h>
#include <thunk/host.h>
#include <thunk_arch_host.h>

#include "aligned.h"
#include "asm/probe.h"
#include "check.h"
#include "probe_arch.h"

struct probe_arguments probe_got;

static struct {
    struct probe_registers set, got;
    void *pointer;
} one, two;

static void registers_fill(struct probe_registers *registers, uint64_t pattern,
                           uint64_t control)
{
    for (uint64_t i = 0; i < 12; i++) {
        registers->integers[i] = pattern + i;
        registers->floats[i] = pattern + 0x100 + i;
    }
    registers->control = control;
}

static bool registers_same(const struct probe_registers *got,
                           const struct probe_registers *set)
{
    return memcmp(got->integers, set->integers,
                  PROBE_INTEGERS * sizeof(uint64_t)) == 0 &&
           memcmp(got->floats, set->floats, PROBE_FLOATS * sizeof(uint64_t)) ==
               0 &&
           ((got->control ^ set->control) & PROBE_CONTROL_MASK) == 0;
}

static volatile bool second_is_aligned;

static void second_main(void)
{
    second_is_aligned = stack_is_aligned();
    for (;;) {
        probe_switch(&two.set, &two.got, &two.pointer, one.pointer);
    }
}

/* Both sides fill all registers with patterns of their own. */
static void switch_keeps_registers(void)
{
    enum { SIZE = 64 * 1024 };
    char *stack = aligned_alloc(16, SIZE);
    struct probe_registers before = {0};

    CHECK(stack != NULL);
    two.pointer = thunk_arch_stack(stack + SIZE, second_main);
    registers_fill(&two.set, 0x2222000000000000, PROBE_CONTROL_2);
    for (uint64_t i = 1; i <= 4; i++) {
        /* the same control word on both sides, then another */
        uint64_t control = i <= 2 ? PROBE_CONTROL_2 : PROBE_CONTROL_1;

        registers_fill(&one.set, 0x1111000000000000 * i, PROBE_CONTROL_1);
        probe_switch(&one.set, &one.got, &one.pointer, two.pointer);
        CHECK(registers_same(&one.got, &one.set));
        if (i > 1) {
            CHECK(registers_same(&two.got, &before));
        }
        before = two.set; /* what it has loaded by now */
        registers_fill(&two.set, 0x0101010101010101 * i, control);
    }
    CHECK(second_is_aligned);
}

/* As the C compiler sees it: nothing that it keeps is lost. */
static void switch_here_keeps_locals(void)
{
    enum { SIZE = 64 * 1024 };
    char *stack = aligned_alloc(16, SIZE);
    volatile uint64_t seed = 3;
    volatile double real_seed = 0.5;
    uint64_t a = seed + 1, b = seed + 2, c = seed + 3, d = seed + 4;
    uint64_t e = seed + 5, f = seed + 6, g = seed + 7, h = seed + 8;
    double p = real_seed + 1, q = real_seed + 2, r = real_seed + 3;

    CHECK(stack != NULL);
    two.pointer = thunk_arch_stack(stack + SIZE, second_main);
    registers_fill(&two.set, 0x3333000000000000, PROBE_CONTROL_2);
    for (int i = 0; i < 3; i++) {
        thunk_switch_here(&one.pointer, two.pointer, thunk_arch_control());
        a += (uint64_t)i, b += a, c += b, d += c, e += d, f += e, g += f,
            h += g;
        p += 1, q += p, r += q;
    }
    CHECK_SAME(a, 7);
    CHECK_SAME(b, 21);
    CHECK_SAME(h, 700);
    CHECK(p == 4.5 && q == 13.0 && r == 30.0);
}

/* What a new stack's floating point is set to: the program's start. */
static struct probe_registers fresh;
static void *fresh_pointer, *fresh_caller;
static volatile double third;

static void fresh_main(void)
{
    third = third / 3;
    for (;;) {
        thunk_switch(&fresh_pointer, fresh_caller);
    }
}

static void switch_starts_with_defaults(void)
{
    enum { SIZE = 64 * 1024 };
    char *stack = aligned_alloc(16, SIZE);
    double expected;

    CHECK(stack != NULL);
    third = 1;
    third = third / 3;
    expected = third;
    third = 1;
    registers_fill(&fresh, 1, PROBE_CONTROL_2); /* rounds elsewhere */
    fresh_pointer = thunk_arch_stack(stack + SIZE, fresh_main);
    probe_switch(&fresh, &one.got, &fresh_caller, fresh_pointer);
    CHECK(third == expected);
    CHECK(registers_same(&one.got, &fresh));
}

static void guest_function(void)
{
}

void probe_check(void (*function)(void))
{
    struct probe_arguments set;
    unsigned char *bytes = (unsigned char *)&set;

    CHECK(function != NULL);
    for (size_t i = 0; i < sizeof(set); i++) {
        bytes[i] = (unsigned char)(7 * i + 1);
    }
    probe_call(&set, function);
    CHECK(memcmp(set.integers, probe_got.integers,
                 PROBE_ARGUMENTS * sizeof(uint64_t)) == 0);
    CHECK(memcmp(set.floats, probe_got.floats, sizeof(set.floats)) == 0);
    CHECK(memcmp(set.stack, probe_got.stack, sizeof(set.stack)) == 0);
    if (PROBE_EXTRA) {
        CHECK_SAME(set.extra, probe_got.extra);
    }
}

static void trampoline_keeps_arguments(void)
{
    static const struct thunk_host_callback callbacks[] = {
        {"probe", probe_callee, "probe()"}};
    static const struct thunk_table table = {.soname = "probe"};
    static struct thunk_host_library library = {.table = &table,
                                                .callbacks = callbacks};

    probe_check(thunk_host_trampoline(&library, 0, guest_function));
    CHECK(thunk_host_target()->target == guest_function);
    CHECK(thunk_host_target()->library == &library);
}

const struct check_test asm_tests[] = {
    {"switch_keeps_registers", switch_keeps_registers},
    {"switch_here_keeps_locals", switch_here_keeps_locals},
    {"switch_starts_with_defaults", switch_starts_with_defaults},
    {"trampoline_keeps_arguments", trampoline_keeps_arguments},
    {NULL, NULL},
};
