/* SPDX-License-Identifier: MIT
 * A plug-in of the library's: linked with nothing, it uses the library. */
#include "process.h"

void plugin_start(void);

static int square(int number)
{
    return number * number;
}

void plugin_start(void)
{
    process_register(square);
}
