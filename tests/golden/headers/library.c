/* SPDX-License-Identifier: MIT */
#define SECOND_LEVEL 2
#include "first.h"
#include "api.h"

int headers_first(const struct first *from)
{
    return from->number;
}

struct first *headers_second(struct first *from)
{
    return from;
}
