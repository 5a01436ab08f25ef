/* SPDX-License-Identifier: MIT */
#include "api.h"

void procedure_poke(unsigned char value, unsigned short *place)
{
    *place = value;
}

void procedure_tick(void)
{
}
