/* SPDX-License-Identifier: MIT
 * Assembly that C calls to see what the runtime's does with registers; offsets
 * are known to probe.S of every ISA. */
#ifndef PROBE_H
#define PROBE_H

#include <stdint.h>

/* Callee-saved registers, as many as the ISA has, from the first on. */
struct probe_registers {
    uint64_t integers[12];
    uint64_t floats[12];
    uint64_t control; /* see probe_arch.h */
};

/* Fills all callee-saved registers from `set`, calls thunk_switch(save, load),
 * and when that returns stores them to `got`. Keeps its own caller's. */
void probe_switch(const struct probe_registers *set,
                  struct probe_registers *got, void **save, void *load);

/* Registers and stack of a call. */
struct probe_arguments {
    uint64_t integers[8];
    uint64_t floats[8];
    uint64_t extra; /* x86_64: rax; aarch64: x8 */
    uint64_t stack[4];
};

/* Calls function() with these arguments. */
void probe_call(const struct probe_arguments *set, void (*function)(void));

/* Such a function: stores what it got. */
void probe_callee(void);
extern struct probe_arguments probe_got;

/* That what it gets through function() is what was given; see asm_test.c. */
void probe_check(void (*function)(void));

#endif
