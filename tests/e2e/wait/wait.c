/* SPDX-License-Identifier: MIT */
#include "wait.h"

#include <unistd.h>

long wait_for_pipe(int file, int notice)
{
    char byte = 'x';

    return write(notice, &byte, 1) == 1 ? read(file, &byte, 1) : -1;
}

long wait_for_pipe_as_said(int file, int notice)
{
    return wait_for_pipe(file, notice);
}

long wait_add(long a, long b)
{
    return a + b;
}

long wait_add_leaf(long a, long b)
{
    return a + b;
}
