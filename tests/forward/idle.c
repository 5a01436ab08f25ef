/* SPDX-License-Identifier: MIT
 * Linked with the library; calls it only if it is told to. */
#include <stdio.h>

#include "forward.h"

int main(int count, char **arguments)
{
    (void)arguments;
    puts(count > 1 && forward_counted() == 0 ? "called" : "nothing");
    return 0;
}
