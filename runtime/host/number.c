/* SPDX-License-Identifier: MIT
 *
 * Numbers whose format differs between guest and host: long doubles. They cross
 * in frames as the guest has them, and are converted there by the host.
 */
#include <float.h>
#include <stdint.h>

#include "host.h"
#include "long_double.h"

/* LDBL_MANT_DIG of the guest; one process has one kind. */
static uint64_t guest_digits;

static void convert_all(char *at, size_t count,
                        void (*convert)(void *to, const void *from))
{
    for (size_t i = 0; i < count; i++, at += THUNK_LONG_DOUBLE_SIZE) {
        convert(at, at);
    }
}

static void numbers_convert(void *at, size_t count, uint64_t from, uint64_t to)
{
    if (from == 113 && to == 64) {
        convert_all(at, count, thunk_x87_from_binary128);
    } else if (from == 64 && to == 113) {
        convert_all(at, count, thunk_binary128_from_x87);
    }
}

void thunk_host_numbers_start(uint64_t digits)
{
    __atomic_store_n(&guest_digits, digits, __ATOMIC_RELAXED);
}

bool thunk_host_numbers_differ(void)
{
    return __atomic_load_n(&guest_digits, __ATOMIC_RELAXED) != LDBL_MANT_DIG;
}

void thunk_host_numbers_take(void *at, size_t count)
{
    numbers_convert(at, count, __atomic_load_n(&guest_digits, __ATOMIC_RELAXED),
                    LDBL_MANT_DIG);
}

void thunk_host_numbers_give(void *at, size_t count)
{
    numbers_convert(at, count, LDBL_MANT_DIG,
                    __atomic_load_n(&guest_digits, __ATOMIC_RELAXED));
}
