/* SPDX-License-Identifier: MIT
 * What the files of the program share. A case tells what it sees on stdout,
 * and that must be the same natively and through a thunk. */
#ifndef CASES_H
#define CASES_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

struct test_case {
    const char *name; /* NULL ends a table of them */
    void (*run)(void);
};

extern const struct test_case pointer_cases[];
extern const struct test_case spec_cases[];
extern const struct test_case kept_cases[];
extern const struct test_case thread_cases[];
extern const struct test_case tool_cases[];
extern const struct test_case unwind_cases[];
extern const struct test_case signal_cases[];
extern const struct test_case process_cases[];
extern const struct test_case recursion_cases[];
extern const struct test_case heap_cases[];

/* For which one has to ask by name. */
extern const struct test_case named_cases[];
void longjmp_million(void);

/* Runs it in a child, and tells how that ended. */
void in_child(const char *name, void (*run)(void));

/* The child's end, told. */
void child_await(const char *name, pid_t child);

/* The process has that much memory, in KiB, as the kernel counts it. */
long memory_resident(void);
long memory_mapped(void);

/* 64 threads that mix all of it for that long; 0: all was right. */
int stress_run(double seconds, unsigned seed);

/* QEMU 7.2 enters handlers of x86_64 guests with a stack that is 8 bytes off
 * its alignment. */
#ifdef __x86_64__
#define HANDLER __attribute__((force_align_arg_pointer))
#else
#define HANDLER
#endif

#endif
