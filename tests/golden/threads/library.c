/* SPDX-License-Identifier: MIT */
#include "api.h"

void threads_start(worker work, void *data)
{
    work(data, 1);
}
