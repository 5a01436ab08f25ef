/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "api.h"

#undef attribute_hidden
#undef attribute_renamed

int attribute_hidden(int a)
{
    return a;
}

int attribute_renamed(int a)
{
    return a;
}

void attribute_stops(int status)
{
    exit(status);
}

void attribute_stops_too(void)
{
    abort();
}

void attribute_old(void)
{
}
