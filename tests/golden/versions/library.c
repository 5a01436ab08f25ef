/* SPDX-License-Identifier: MIT */
#include "api.h"

int version_old(void)
{
    return 1;
}

int version_new(void)
{
    return 2;
}

__asm__(".symver version_first, version_two@LIB_1.0, remove");
__asm__(".symver version_other, version_two@LIB_1.1, remove");
__asm__(".symver version_second, version_two@@LIB_2.0, remove");

int version_first(int a)
{
    return a;
}

int version_other(int a)
{
    return a + 1;
}

int version_second(int a)
{
    return -a;
}

int version_none(void)
{
    return 3;
}

__asm__(".symver same, version_same@@LIB_2.0\n"
        ".symver same_1, version_same@LIB_1.1\n"
        ".symver same_0, version_same@LIB_1.0");
int same(void)
{
    return 4;
}
extern __typeof__(same) same_0 __attribute__((alias("same")));
extern __typeof__(same) same_1 __attribute__((alias("same")));

__asm__(".symver tagged, version_same_tagged@@LIB_2.0\n"
        ".symver tagged_0, version_same_tagged@LIB_1.0");
int tagged(int tag, ...)
{
    return tag;
}
extern __typeof__(tagged) tagged_0 __attribute__((alias("tagged")));
