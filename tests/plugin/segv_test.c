/* SPDX-License-Identifier: MIT
 *
 * The guest's SIGSEGV in the plugin's hands: the test plays the guest, and QEMU
 * with its one action and one mask. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness.h"

enum { PAGE = 4096, HANDLER = 0x5000, OURS = 0x7000, RESTORER = 0x6000 };

#define SEGV_BIT (UINT64_C(1) << (SIGSEGV - 1))
#define USR1_BIT (UINT64_C(1) << (SIGUSR1 - 1))
#define NODEFER  UINT64_C(0x40000000)
#define RESET    UINT64_C(0x80000000)
#define SIGINFO  UINT64_C(4)

/* As Linux has it on x86_64 and aarch64; on riscv64 the mask comes third. */
struct action {
    uint64_t handler, flags, restorer, mask;
};

static struct thunk_segv segv;

/* What QEMU has. */
static struct action actions[65];
static uint64_t mask;

static bool is_riscv64(void)
{
    return strcmp(harness_target, "riscv64") == 0;
}

static int64_t number_of(int64_t x86_64)
{
    return strcmp(harness_target, "x86_64") == 0 ? x86_64 : x86_64 + 121;
}

static size_t action_size(void)
{
    return is_riscv64() ? 24 : 32;
}

/* A system call as QEMU does it: it sees the guest's memory after the plugin
 * has. */
static void action_do(int signal, const void *given, void *before,
                      int64_t result)
{
    const int64_t number = number_of(13);
    struct action taken = {0};

    number_ask(number, (uint64_t)signal, ADDRESS(given), ADDRESS(before), 8);
    if (result == 0) {
        if (given) {
            memcpy(&taken, given, action_size());
        }
        if (before) {
            memcpy(before, &actions[signal], action_size());
        }
        if (given) {
            actions[signal] = taken;
        }
    }
    number_done(number, result);
}

static void mask_do(int how, const uint64_t *given, uint64_t *before)
{
    const int64_t number = number_of(14);
    const uint64_t old = mask;

    number_ask(number, (uint64_t)how, ADDRESS(given), ADDRESS(before), 8);
    if (given) {
        mask = how == SIG_BLOCK     ? mask | *given
               : how == SIG_UNBLOCK ? mask & ~*given
                                    : *given;
    }
    if (before) {
        *before = old;
    }
    number_done(number, 0);
}

/* An action, in the guest's layout. */
static struct action action_of(uint64_t handler, uint64_t flags, uint64_t set)
{
    struct action action = {handler, flags, RESTORER, set};

    if (is_riscv64()) {
        action.restorer = set;
        action.mask = 0;
    }
    return action;
}

static void same(const struct action *one, struct action two)
{
    assert_memory_equal(one, &two, action_size());
}

/* The runtime's handler is installed over the program's. */
static void start(struct action program)
{
    const struct action ours = action_of(OURS, SIGINFO | NODEFER, 0);
    struct action before;
    uint64_t answer = 0;

    memset(&segv, 0, sizeof segv);
    memset(actions, 0, sizeof actions);
    mask = 0;
    actions[SIGSEGV] = program;
    segv.handler = OURS;
    expect(ask(THUNK_SET_SEGV, ADDRESS(&segv), ADDRESS(&answer), 0), 0);
    assert_int_equal(answer, 1);
    assert_non_null(result_callback);
    action_do(SIGSEGV, &ours, &before, 0);
    same(&before, program); /* not ours: once more */
    action_do(SIGSEGV, &ours, &before, 0);
    assert_int_equal(before.handler, OURS);
}

static void program_is(struct action wanted)
{
    struct action now = {0};

    action_do(SIGSEGV, NULL, &now, 0);
    same(&now, wanted);
    same((const struct action *)(uintptr_t)segv.current, wanted);
}

static void actions_exchanged(void **state)
{
    const struct action none = action_of(0, 0, 0);
    const struct action first =
        action_of(HANDLER, SIGINFO | RESET, USR1_BIT | SEGV_BIT);
    struct action given = first, before;

    (void)state;
    start(none);
    program_is(none);
    same(&actions[SIGSEGV], action_of(OURS, SIGINFO | NODEFER, 0));

    action_do(SIGSEGV, &given, &before, 0);
    same(&before, none);
    same(&given, first);
    same(&actions[SIGSEGV], action_of(OURS, SIGINFO | NODEFER, USR1_BIT));
    program_is(first);
    assert_true(((struct thunk_action *)(uintptr_t)segv.current)->blocks_segv);

    /* One struct for both; a handler of one parameter. */
    given = action_of(HANDLER + 1, NODEFER, 0);
    action_do(SIGSEGV, &given, &given, 0);
    same(&given, first);
    same(&actions[SIGSEGV], action_of(OURS, SIGINFO | NODEFER, 0));
    program_is(action_of(HANDLER + 1, NODEFER, 0));
    assert_false(((struct thunk_action *)(uintptr_t)segv.current)->blocks_segv);

    /* Nothing comes of a call that fails, or is to be made again. */
    given = first;
    action_do(SIGSEGV, &given, &before, -EFAULT);
    same(&given, first);
    program_is(action_of(HANDLER + 1, NODEFER, 0));

    given = action_of(1, 0, 0);
    action_do(SIGSEGV, &given, NULL, 0);
    same(&given, action_of(1, 0, 0));
    same(&actions[SIGSEGV], action_of(OURS, SIGINFO | NODEFER, 0));
    program_is(action_of(1, 0, 0));
    for (int i = 0; i < 100; i++) {
        given = action_of(HANDLER + (uint64_t)i, 0, 0);
        action_do(SIGSEGV, &given, NULL, 0);
        program_is(given);
    }
}

/* The program had one before the runtime came. */
static void action_found(void **state)
{
    const struct action first = action_of(HANDLER, 0, USR1_BIT);

    (void)state;
    start(first);
    program_is(first);
    same(&actions[SIGSEGV], action_of(OURS, SIGINFO | NODEFER, USR1_BIT));
}

static void action_in_constant(void **state)
{
    const struct action first = action_of(HANDLER, SIGINFO, SEGV_BIT);
    struct action *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    (void)state;
    assert_ptr_not_equal(page, MAP_FAILED);
    *page = first;
    mprotect(page, PAGE, PROT_READ);
    start(action_of(0, 0, 0));
    action_do(SIGSEGV, page, NULL, 0);
    same(page, first);
    same(&actions[SIGSEGV], action_of(OURS, SIGINFO | NODEFER, 0));
    program_is(first);
    munmap(page, PAGE);
}

/* What is no memory is QEMU's to refuse. */
static void pointers_survived(void **state)
{
    static const uint64_t bad[] = {8, 0x7ffffffff000, UINT64_MAX - 2};
    uint64_t answer = 1;

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        expect(ask(THUNK_SET_SEGV, bad[i], ADDRESS(&answer), 0), 0);
        assert_int_equal(answer, 0);
        expect(ask(THUNK_SET_SEGV, ADDRESS(&segv), bad[i], 0), -EFAULT);
        expect(ask(THUNK_BLOCK_SEGV, THUNK_SEGV_ASK, bad[i], 0), -EFAULT);
    }
    start(action_of(0, 0, 0));
    for (size_t i = 0; i < COUNT(bad); i++) {
        for (int number = 13; number <= 14; number++) {
            number_ask(number_of(number), SIGSEGV, bad[i], bad[i], 8);
            number_done(number_of(number), -EFAULT);
            number_ask(number_of(number), SIGSEGV, 0, bad[i], 8);
            number_done(number_of(number), -EFAULT);
        }
        number_ask(number_of(13), bad[i], ADDRESS(&segv), 0, 8);
        number_done(number_of(13), -EINVAL);
    }
    program_is(action_of(0, 0, 0));
}

/* Handlers of other signals do not block it either. */
static void others_exchanged(void **state)
{
    const struct action first = action_of(HANDLER, 0, SEGV_BIT | USR1_BIT);
    const struct action second = action_of(HANDLER, 0, USR1_BIT);
    struct action given = first, before;

    (void)state;
    start(action_of(0, 0, 0));
    action_do(SIGALRM, &given, NULL, 0);
    same(&given, first);
    same(&actions[SIGALRM], second);
    given = second;
    action_do(SIGALRM, &given, &before, 0);
    same(&before, first);
    action_do(SIGALRM, NULL, &before, 0);
    same(&before, second);
    program_is(action_of(0, 0, 0));
}

static volatile int sent;

static void sent_count(int number)
{
    sent += number == SIGSEGV;
}

static bool blocked(uint64_t how)
{
    uint64_t answer = 2;

    expect(ask(THUNK_BLOCK_SEGV, how, ADDRESS(&answer), 0), 0);
    assert_in_range(answer, 0, 1);
    return answer == 1;
}

static void masks_exchanged(void **state)
{
    const uint64_t all = UINT64_MAX, usr1 = USR1_BIT, none = 0, only = SEGV_BIT;
    uint64_t given = all, before = 1;

    (void)state;
    start(action_of(0, 0, 0));
    mask_do(SIG_BLOCK, &given, &before);
    assert_true(given == all && before == 0 && mask == (all & ~SEGV_BIT));
    assert_true(blocked(THUNK_SEGV_ASK));
    mask_do(SIG_BLOCK, NULL, &before);
    assert_true(before == all);
    mask_do(SIG_UNBLOCK, &usr1, &before);
    assert_true(before == all && blocked(THUNK_SEGV_ASK));
    mask_do(SIG_UNBLOCK, &only, &before);
    assert_true(before == (all & ~USR1_BIT) && !blocked(THUNK_SEGV_ASK));
    mask_do(SIG_SETMASK, &only, &before);
    assert_true(mask == 0 && before == (all & ~(USR1_BIT | SEGV_BIT)));
    mask_do(SIG_SETMASK, &none, &given);
    assert_true(given == only && mask == 0 && !blocked(THUNK_SEGV_ASK));
    mask_do(SIG_BLOCK, &usr1, &given);
    assert_true(given == 0 && !blocked(THUNK_SEGV_ASK));
}

/* A signal that was sent while it is blocked comes afterwards. */
static void signal_deferred(void **state)
{
    const uint64_t only = SEGV_BIT;
    struct sigaction action = {.sa_handler = sent_count}, before;

    (void)state;
    sent = 0;
    sigaction(SIGSEGV, &action, &before);
    start(action_of(0, 0, 0));
    assert_false(blocked(THUNK_SEGV_BLOCK));
    assert_true(blocked(THUNK_SEGV_DEFER));
    assert_int_equal(sent, 0);
    mask_do(SIG_UNBLOCK, &only, NULL);
    assert_int_equal(sent, 1);
    assert_false(blocked(THUNK_SEGV_BLOCK));
    assert_true(blocked(THUNK_SEGV_UNBLOCK));
    assert_int_equal(sent, 1);
    sigaction(SIGSEGV, &before, NULL);
}

/* The program is about to die: all is as it says. */
static void service_ended(void **state)
{
    const struct action given = action_of(0, 0, SEGV_BIT);

    (void)state;
    start(action_of(HANDLER, 0, 0));
    segv.handler = 0;
    action_do(SIGSEGV, &given, NULL, 0);
    same(&actions[SIGSEGV], given);
}

static int start_riscv64(void **state)
{
    harness_target = "riscv64";
    return plugin_start(state);
}

static int close_riscv64(void **state)
{
    harness_target = "x86_64";
    return plugin_close(state);
}

#define TEST(function)                                                         \
    cmocka_unit_test_setup_teardown(function, plugin_start, plugin_close)
#define TEST_FALLBACK(function)                                                \
    cmocka_unit_test_setup_teardown(function, plugin_start_without_copy,       \
                                    plugin_close)
#define TEST_RISCV64(function)                                                 \
    cmocka_unit_test_setup_teardown(function, start_riscv64, close_riscv64)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(actions_exchanged),
        TEST(action_found),
        TEST(action_in_constant),
        TEST(pointers_survived),
        TEST(others_exchanged),
        TEST(masks_exchanged),
        TEST(signal_deferred),
        TEST(service_ended),
        TEST_FALLBACK(actions_exchanged),
        TEST_FALLBACK(action_in_constant),
        TEST_FALLBACK(masks_exchanged),
        TEST_RISCV64(actions_exchanged),
        TEST_RISCV64(others_exchanged),
        TEST_RISCV64(masks_exchanged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
