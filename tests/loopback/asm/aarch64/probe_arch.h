/* SPDX-License-Identifier: MIT */
#ifndef PROBE_ARCH_H
#define PROBE_ARCH_H

#include <stdint.h>

/* FPCR: two values with other rounding (bits 22 and 23). */
#define PROBE_CONTROL_1    UINT64_C(0x400000)
#define PROBE_CONTROL_2    UINT64_C(0xc00000)
#define PROBE_CONTROL_MASK UINT64_C(0xffffffff)
#define PROBE_INTEGERS     11
#define PROBE_FLOATS       8
#define PROBE_ARGUMENTS    8
#define PROBE_EXTRA        1

#endif
