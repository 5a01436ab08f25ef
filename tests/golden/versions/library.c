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

int version_none(void)
{
    return 3;
}
