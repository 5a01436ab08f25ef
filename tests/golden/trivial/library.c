/* SPDX-License-Identifier: MIT */
#include "api.h"

int trivial_add(int a, int b)
{
    return a + b;
}
