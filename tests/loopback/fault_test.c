/* SPDX-License-Identifier: MIT
 * Faults inside host code, and all others. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"
#include "door.h"
#include "emulate.h"
#include "loop.h"
#include "maps.h"

static long visit(void *context, long value)
{
    *(long *)context += 1;
    return loop_add(value, 100);
}

/* The host finds a guest function by itself, in a struct. */
static void adopted(void)
{
    long visits = 0;
    char *code = emulate_guest_code(4096, visit);
    struct loop_operations operations = {.context = &visits};

    operations.visit = (loop_visit)(uintptr_t)(code + 32);
    for (int i = 1; i <= 100; i++) {
        CHECK_SAME(loop_operate(&operations, i), i + 101);
        CHECK_SAME(visits, i);
        CHECK(emulate_last() == code + 32);
    }
    CHECK_SAME(emulate_count(), 100);
    CHECK(operations.visit == (loop_visit)(uintptr_t)(code + 32));
}

/* In a page that can only be read: the struct is left alone. */
static void adopted_from_constant(void)
{
    long visits = 0;
    char *code = emulate_guest_code(4096, visit);
    struct loop_operations *operations = mmap(
        NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    CHECK(operations != MAP_FAILED);
    operations->visit = (loop_visit)(uintptr_t)code;
    operations->context = &visits;
    CHECK(mprotect(operations, 4096, PROT_READ) == 0);
    CHECK_SAME(loop_operate(operations, 1), 102);
    CHECK_SAME(loop_operate(operations, 2), 103);
    CHECK_SAME(visits, 2);
}

static int *volatile bad_address = (int *)0x18;

static void crash(void)
{
    CHECK_SAME(loop_add(1, 1), 2);
    loop_crash(bad_address);
}

static void crash_is_reported(void)
{
    struct check_child child = check_child_run(crash);

    CHECK(check_child_died(&child, SIGSEGV));
    CHECK(strstr(child.errors, "host code crashed: access to 0x18") != NULL);
    CHECK(strstr(child.errors, "loop_crash") != NULL);
    CHECK(strstr(child.errors, "libloop.so.1") != NULL);
}

static sigjmp_buf escape;
static volatile sig_atomic_t signals;

static void escape_handle(int number)
{
    (void)number;
    signals++;
    siglongjmp(escape, 1);
}

static long crash_visit(void *context, long value)
{
    (void)value;
    loop_crash(context);
    return 0;
}

/* The guest's handler gets the signal and leaves by longjmp. What the host
 * held for the calls is used again. */
static void crash_is_survived(void)
{
    volatile size_t before = 0;

    CHECK(freopen("/dev/null", "w", stderr) != NULL); /* 200 messages */
    CHECK(signal(SIGSEGV, escape_handle) != SIG_ERR);
    for (volatile int i = 0; i < 200; i++) {
        if (i == 100) { /* so many are made without a search */
            before = maps_count_stacks();
        }
        if (sigsetjmp(escape, 1) == 0) {
            if (i % 2 == 0) {
                loop_crash(bad_address);
            } else {
                loop_call(crash_visit, bad_address, 0);
            }
            CHECK(false);
        }
        CHECK_SAME(signals, i + 1);
        CHECK_SAME(loop_add(i, 1), i + 1);
    }
    if (!check_is_emulated()) { /* see stack_test.c */
        CHECK(maps_count_stacks() <= before + 8);
    }
}

/* A mapped file that has become shorter. */
static void bus_error(void)
{
    FILE *file = tmpfile();
    int *memory;

    CHECK(file != NULL && ftruncate(fileno(file), 4096) == 0);
    memory =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(file), 0);
    CHECK(memory != MAP_FAILED && ftruncate(fileno(file), 0) == 0);
    CHECK_SAME(loop_add(1, 1), 2);
    loop_crash(memory);
}

static void bus_error_is_reported(void)
{
    struct check_child child = check_child_run(bus_error);

    CHECK(child.status != 0);
    CHECK(strstr(child.errors, "host code crashed") != NULL);
}

/* Outside of host code the program's own handler gets everything. */
static void previous_handler(void)
{
    CHECK(signal(SIGSEGV, escape_handle) != SIG_ERR);
    CHECK_SAME(loop_add(1, 1), 2);
    if (sigsetjmp(escape, 1) == 0) {
        *bad_address = 1;
    }
    CHECK_SAME(signals, 1);
    if (sigsetjmp(escape, 1) == 0) {
        raise(SIGSEGV);
    }
    CHECK_SAME(signals, 2);
}

static long fault_visit(void *context, long value)
{
    (void)value;
    *(volatile int *)context = 1; /* in the guest, while the host waits */
    return 0;
}

static void previous_handler_in_callback(void)
{
    CHECK(signal(SIGSEGV, escape_handle) != SIG_ERR);
    if (sigsetjmp(escape, 1) == 0) {
        loop_call(fault_visit, bad_address, 0);
    }
    CHECK_SAME(signals, 1);
    CHECK_SAME(loop_add(1, 1), 2);
}

static void fault_by_default(void)
{
    signal(SIGSEGV, SIG_DFL);
    CHECK_SAME(loop_add(1, 1), 2);
    *bad_address = 1;
}

static void sent_by_default(void)
{
    signal(SIGSEGV, SIG_DFL);
    CHECK_SAME(loop_add(1, 1), 2);
    kill(getpid(), SIGSEGV);
    for (;;) {
        pause();
    }
}

static void default_ends_the_process(void)
{
    struct check_child child = check_child_run(fault_by_default);

    CHECK(check_child_died(&child, SIGSEGV));
    child = check_child_run(sent_by_default);
    CHECK(check_child_died(&child, SIGSEGV));
}

static void ignored_is_ignored(void)
{
    CHECK(signal(SIGSEGV, SIG_IGN) != SIG_ERR);
    CHECK_SAME(loop_add(1, 1), 2);
    CHECK(kill(getpid(), SIGSEGV) == 0);
    CHECK_SAME(loop_add(1, 1), 2);
}

const struct check_test fault_tests[] = {
    {"adopted", adopted},
    {"adopted_from_constant", adopted_from_constant},
    {"crash_is_reported", crash_is_reported},
    {"crash_is_survived", crash_is_survived},
    {"bus_error_is_reported", bus_error_is_reported},
    {"previous_handler", previous_handler},
    {"previous_handler_in_callback", previous_handler_in_callback},
    {"default_ends_the_process", default_ends_the_process},
    {"ignored_is_ignored", ignored_is_ignored},
    {NULL, NULL},
};
