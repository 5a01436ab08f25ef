/* SPDX-License-Identifier: MIT
 * The program and the library call each other. */
#include "cases.h"
#include "conform.h"

#include <stddef.h>
#include <sys/resource.h>

enum { DEEP = 10 * 1000 };

static long descend(void *context, long depth)
{
    if (depth == 0) {
        return 0;
    }
    return depth % 2 == 0 ? conform_argument(descend, context, depth - 1)
                          : conform_argument_fast(descend, context, depth - 1);
}

static void recursion_deep(void)
{
    for (long depth = 10; depth <= DEEP; depth *= 10) {
        printf("%ld\n", descend(NULL, depth));
    }
    printf("%ld\n", descend(NULL, DEEP));
}

static long descend_for_ever(void *context, long depth)
{
    return conform_argument(descend_for_ever, context, depth + 1) + 1;
}

static void bomb(void)
{
    const struct rlimit none = {0, 0};

    setrlimit(RLIMIT_CORE, &none);
    printf("%ld\n", descend_for_ever(NULL, 0));
}

static void recursion_endless(void)
{
    in_child("endless", bomb);
}

static long plus(void *context, long value)
{
    (void)context;
    return value + 1;
}

/* Only natively is it right; see conform.yml. */
static void leaf_calls_back(void)
{
    conform_set(plus);
    printf("%ld\n", conform_use_leaf(1));
}

const struct test_case named_cases[] = {
    {"leaf_calls_back", leaf_calls_back},
    {"longjmp_million", longjmp_million},
    {NULL, NULL},
};

const struct test_case recursion_cases[] = {
    {"recursion_deep", recursion_deep},
    {"recursion_endless", recursion_endless},
    {NULL, NULL},
};
