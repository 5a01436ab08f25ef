/* SPDX-License-Identifier: MIT
 * The instruction sets that guests and hosts may have. */
#ifndef THUNKGEN_ISA_H
#define THUNKGEN_ISA_H

#include <stdint.h>

struct isa {
    const char *name;   /* as in --guest */
    const char *target; /* the compiler's */
    uint16_t machine;   /* ELF e_machine */
};

/* NULL when there is none such. */
const struct isa *isa_of_name(const char *name);
const struct isa *isa_of_machine(uint16_t machine);

/* Its place in tables that have a row for each, thunk/isa.h's; ISA_COUNT when
 * there is none such. */
enum { ISA_COUNT = 3 };
unsigned isa_index(const char *name);

/* By that place. */
const struct isa *isa_of_index(unsigned index);

/* What this program runs on; NULL when it is none of ours. */
const struct isa *isa_of_host(void);

/* "x86_64, aarch64, riscv64", for messages. */
#define ISA_NAMES "x86_64, aarch64, riscv64"

#endif
