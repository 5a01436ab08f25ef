/* SPDX-License-Identifier: MIT */
#include "api.h"

int take(logger log, list_logger list)
{
    (void)list;
    return log(0, "%d", 1);
}

void take_inline(void (*log)(const char *format, ...))
{
    log("%d", 1);
}

void look_into(const struct operations *operations)
{
    operations->warn(0, "%d", 1);
}

logger exchange(plain_logger log)
{
    (void)log;
    return 0;
}

list_logger give(void)
{
    return 0;
}
