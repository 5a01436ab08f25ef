/* SPDX-License-Identifier: MIT
 *
 * A program that a library of its ends.
 * usage: ends_calls HOW [FILE]
 */
#include "ends.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void handler(void)
{
    puts("the program's handler");
}

static void quick_handler(void)
{
    puts("the program's handler for a quick end");
    fflush(stdout);
}

static void other_handler(void)
{
    puts("the program's other handler");
}

static void other_quick_handler(void)
{
    puts("the program's other handler for a quick end");
}

int main(int argc, char **argv)
{
    atexit(handler);
    at_quick_exit(quick_handler);
    ends_print("atexit", "the library's handler");
    ends_print("at_quick_exit", "the library's handler for a quick end");
    ends_print("on_exit", "the library's handler, of the status");
    at_quick_exit(other_quick_handler);
    atexit(other_handler);
    ends_print("on_exit", "the library's other handler, of the status");
    if (argc > 2) {
        ends_note(argv[2]);
    }
    printf("not written yet, ");
    ends_warn("careful");
    printf("%d ", strcmp(ends_name(0), program_invocation_name) == 0);
    program_invocation_short_name = strdup("another");
    printf("%s\n", ends_name(1));
    if (argc > 1) {
        ends_now(argv[1], 42);
    }
    return 7;
}
