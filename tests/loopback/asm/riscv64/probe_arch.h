/* SPDX-License-Identifier: MIT */
#ifndef PROBE_ARCH_H
#define PROBE_ARCH_H

#include <stdint.h>

/* fcsr: two values with other rounding, and its bits (not the exceptions). */
#define PROBE_CONTROL_1    UINT64_C(0x20)
#define PROBE_CONTROL_2    UINT64_C(0x60)
#define PROBE_CONTROL_MASK UINT64_C(0xe0)
#define PROBE_INTEGERS     12
#define PROBE_FLOATS       12
#define PROBE_ARGUMENTS    8
#define PROBE_EXTRA        0

#endif
