/* SPDX-License-Identifier: MIT */
#include "api.h"

void callback_each(visitor visit, void *data)
{
    visit(data, 1);
}

void callback_at_exit(hook *run)
{
    run();
}

void callback_decays(hook run)
{
    run();
}
