/* SPDX-License-Identifier: MIT */
#include "api.h"

struct pair value_swap(struct pair from)
{
    return from;
}

large value_fill(const large from, either how)
{
    large to = from;

    to.words[0] = (long long)how.bits;
    return to;
}
