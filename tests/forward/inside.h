/* SPDX-License-Identifier: MIT
 * What no header of the library's declares. */
#ifndef INSIDE_H
#define INSIDE_H

int inside_count(int by);
long inside_sum(long a, int b, long c, int d, long e, int f, long g, int h,
                double x, float y, double z);
int inside_each(int (*step)(int value, void *context), int times,
                void *context);
const char *inside_name(void);

extern const int inside_table[4];
extern int inside_level;
extern long inside_many[9];
extern const char *inside_text;
extern int (*inside_hook)(int value);
int inside_hook_call(int value);

#ifdef __x86_64__
/* Omitted; arguments in registers of 32 bytes. */
typedef double forward_wide __attribute__((vector_size(32)));
__attribute__((target("avx"))) double forward_own_wide(forward_wide a,
                                                       forward_wide b);
#endif

#endif
