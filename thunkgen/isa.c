/* SPDX-License-Identifier: MIT */
#include "isa.h"

#include <elf.h>
#include <string.h>
#include <sys/utsname.h>

static const struct isa isas[] = {
    {"x86_64", "x86_64-linux-gnu", EM_X86_64},
    {"aarch64", "aarch64-linux-gnu", EM_AARCH64},
    {"riscv64", "riscv64-linux-gnu", EM_RISCV},
};

enum { N_ISAS = sizeof(isas) / sizeof(isas[0]) };

_Static_assert((int)N_ISAS == (int)ISA_COUNT, "tables have a row for each");

const struct isa *isa_of_name(const char *name)
{
    for (unsigned i = 0; i < N_ISAS; i++) {
        if (strcmp(isas[i].name, name) == 0) {
            return &isas[i];
        }
    }
    return NULL;
}

unsigned isa_index(const char *name)
{
    const struct isa *isa = isa_of_name(name);

    return isa == NULL ? N_ISAS : (unsigned)(isa - isas);
}

const struct isa *isa_of_index(unsigned index)
{
    return index < N_ISAS ? &isas[index] : NULL;
}

const struct isa *isa_of_machine(uint16_t machine)
{
    for (unsigned i = 0; i < N_ISAS; i++) {
        if (isas[i].machine == machine) {
            return &isas[i];
        }
    }
    return NULL;
}

const struct isa *isa_of_host(void)
{
    struct utsname name;

    return uname(&name) == 0 ? isa_of_name(name.machine) : NULL;
}
