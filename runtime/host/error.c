/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "host.h"

int thunk_host_error_get(void)
{
    return errno;
}

void thunk_host_error_set(int error)
{
    errno = error;
}
