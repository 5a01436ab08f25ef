/* SPDX-License-Identifier: MIT */
#ifndef PROBE_ARCH_H
#define PROBE_ARCH_H

#include <stdint.h>

/* MXCSR and the x87 control word above it; two values with other rounding, and
 * the bits that a call keeps (not the exception flags). */
#define PROBE_CONTROL_1    (UINT64_C(0xf7f) << 32 | 0x7f80)
#define PROBE_CONTROL_2    (UINT64_C(0x77f) << 32 | 0x3f80)
#define PROBE_CONTROL_MASK (UINT64_C(0xffff) << 32 | 0xffc0)
#define PROBE_INTEGERS     6
#define PROBE_FLOATS       0
#define PROBE_ARGUMENTS    6
#define PROBE_EXTRA        1

#endif
