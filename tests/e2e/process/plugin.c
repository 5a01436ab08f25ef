/* SPDX-License-Identifier: MIT
 * A plug-in of the library's: linked with nothing, it uses the library. */
#include "process.h"

#include <stddef.h>

void plugin_start(void);

/* The program's. */
extern int process_filter(int number) __attribute__((weak));

static int square(int number)
{
    return number * number +
           1000 * (process_filter == NULL ? 9 : process_filter(number));
}

void plugin_start(void)
{
    process_register(square);
}
