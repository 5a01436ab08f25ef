/* SPDX-License-Identifier: MIT
 * A library that refers to a variable of libforward.so.1, which the program
 * that opens it does not. */
#include <stdio.h>

#include "inside.h"

/* Exports nothing, so that nothing tells how many symbols it has. */
__attribute__((constructor)) static void variable_print(void)
{
    printf("level: %d\n", inside_level);
    fflush(stdout);
}
