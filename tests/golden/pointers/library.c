/* SPDX-License-Identifier: MIT */
#include "api.h"

handle pointer_open(const char *path, struct opaque **result)
{
    return path == NULL ? (handle)*result : NULL;
}

const char *const *pointer_names(handle from, size_t *n_names)
{
    return from == NULL && n_names == NULL ? NULL : NULL;
}

void pointer_arrays(vector a, const vector b, int c[static 2], int d[][4])
{
    a[0] = b[0] + c[0] + d[0][0];
}

int (*pointer_to_array(int (*rows)[4]))[4]
{
    return rows;
}

void pointer_qualified(char *restrict const *to, const volatile void *from)
{
    (void)to;
    (void)from;
}

struct node *pointer_walk(struct node *from, enum colour colour)
{
    return colour == RED ? from : NULL;
}

int pointer_constant(constant a, const enum colour *colours)
{
    return colours == NULL ? a : 0;
}

long pointer_basic(wchar_t wide, _Bool flag, long double precise)
{
    return wide && flag && precise > 0;
}

intptr_t pointer_of_many_parameters(uint64_t first_of_them, int16_t second,
                                    const struct node *const *third_parameter,
                                    signed char fourth, float fifth)
{
    return first_of_them && second && third_parameter && fourth && fifth > 0;
}
