/* SPDX-License-Identifier: MIT
 *
 * Random formats with arguments that fit: what a thunked function makes of them
 * has to be what this side's libc makes of them.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>

typedef int fuzz_print(char *to, size_t size, const char *format, ...);
typedef int fuzz_scan(const char *text, const char *format, ...);

/* Each makes `count` formats from `seed` on, each from a seed of its own, and
 * tells of the first difference, with its seed, on stderr. Gives the number of
 * formats that were alike: `count` if all is well. `name` is for the message.
 */
unsigned long fuzz_prints(const char *name, fuzz_print *print, uint64_t seed,
                          unsigned long count);
unsigned long fuzz_scans(const char *name, fuzz_scan *scan, uint64_t seed,
                         unsigned long count);

#endif
