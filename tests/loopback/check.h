/* SPDX-License-Identifier: MIT
 *
 * A test harness for programs that also run where no cmocka is: cross-compiled,
 * under an emulator. Each test runs in a process of its own, forked from one
 * that has not touched the runtimes yet, so that it may crash and attach anew.
 */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stddef.h>

struct check_test {
    const char *name;
    void (*run)(void);
};

#define CHECK_SKIPPED 77

/* Fails the test unless the condition holds; go on nowhere. */
#define CHECK(condition)                                                       \
    do {                                                                       \
        if (!(condition)) {                                                    \
            check_fail(__FILE__, __LINE__, #condition);                        \
        }                                                                      \
    } while (0)

/* The same for two whole numbers that are to be equal; tells both. */
#define CHECK_SAME(one, two)                                                   \
    do {                                                                       \
        long long check_one = (long long)(one);                                \
        long long check_two = (long long)(two);                                \
                                                                               \
        if (check_one != check_two) {                                          \
            check_fail_same(__FILE__, __LINE__, #one " == " #two, check_one,   \
                            check_two);                                        \
        }                                                                      \
    } while (0)

void check_fail(const char *file, int line, const char *text)
    __attribute__((noreturn));
void check_fail_same(const char *file, int line, const char *text,
                     long long one, long long two) __attribute__((noreturn));
void check_skip(const char *reason) __attribute__((noreturn));

/* What a forked process did that ran function(). */
struct check_child {
    int status;           /* as wait() gives it */
    char errors[1 << 18]; /* its stderr */
};

struct check_child check_child_run(void (*function)(void));

/* Whether the child was ended by that signal. */
bool check_child_died(const struct check_child *child, int number);

/* Whether this process runs under QEMU, which is slower, and has rules of its
 * own for memory. */
bool check_is_emulated(void);

/* Set for the variants of those names. */
#ifndef CHECK_THREAD_SANITIZER
#define CHECK_THREAD_SANITIZER 0
#endif
#ifndef CHECK_ADDRESS_SANITIZER
#define CHECK_ADDRESS_SANITIZER 0
#endif

/* Groups of tests, one a file; each ends with a test without name. */
extern const struct check_test asm_tests[];
extern const struct check_test attach_tests[];
extern const struct check_test call_tests[];
extern const struct check_test fault_tests[];
extern const struct check_test format_tests[];
extern const struct check_test fuzz_tests[];
extern const struct check_test garbage_tests[];
extern const struct check_test net_tests[];
extern const struct check_test observe_tests[];
extern const struct check_test order_tests[];
extern const struct check_test service_tests[];
extern const struct check_test stack_tests[];
extern const struct check_test stream_tests[];
extern const struct check_test stub_tests[];
extern const struct check_test thread_tests[];
extern const struct check_test trampoline_tests[];
extern const struct check_test zlib_tests[];

#endif
