/* SPDX-License-Identifier: MIT
 * A library that refers to a variable of libforward.so.1, which the program
 * that opens it does not. */
#include "inside.h"

int variable_get(void);

int variable_get(void)
{
    return inside_level;
}
