/* SPDX-License-Identifier: MIT
 * Functions that the library puts into structs, called by the program. */
#include "cases.h"
#include "conform.h"

#include <pthread.h>
#include <string.h>

static void tool_print(struct conform_tool *tool)
{
    printf("%ld %g %ld", tool->f.run(tool, 7), tool->f.scale(tool, 1.25, 0.5f),
           conform_tool_use(tool, 10));
    for (int i = 0; tool->steps[i] != NULL; i++) {
        printf(" %ld", tool->steps[i](tool, 100));
    }
    printf(" %d\n", conform_tool_count(tool));
}

static void tools(void)
{
    struct conform_tool *tool = conform_tool_new(3), *copy;
    struct conform_tool own;

    tool_print(tool);
    copy = tool->f.copy(tool, 5);
    tool_print(copy);
    copy->f.end(copy);
    memset(&own, 0x5a, sizeof own);
    conform_tool_start(&own, 11);
    tool_print(&own);
    printf("%d\n", own.f.run == tool->f.run && own.f.end == tool->f.end);
    own = *tool; /* what is copied can be called as well */
    tool->f.end(tool);
    tool_print(&own);
}

static void tool_visit(struct conform_tool *tool, void *context)
{
    int *count = context;

    tool->factor += ++*count;
    tool_print(tool);
}

static void tools_lent(void)
{
    int count = 0;

    printf("%ld", conform_tool_lend(tool_visit, &count));
    printf(" %d\n", count);
}

static long run_here(struct conform_tool *tool, long value)
{
    return 1000 + tool->factor + value;
}

/* The program's own among them stay what they are; and so does one of the
 * library's that the program has put back. */
static void tools_exchanged(void)
{
    struct conform_tool tool;
    long (*before)(struct conform_tool *, long);

    conform_tool_start(&tool, 2);
    before = tool.f.run;
    tool.f.run = run_here;
    tool.steps[1] = NULL;
    tool_print(&tool);
    printf("%d\n", tool.f.run == run_here);
    tool.f.run = before;
    tool_print(&tool);
    printf("%d\n", tool.f.run == before);
}

static struct conform_tool shared;

static void *tool_use(void *sum)
{
    for (long i = 0; i < 3000; i++) {
        *(long *)sum += conform_tool_use(&shared, i);
    }
    return NULL;
}

static void *tool_run(void *sum)
{
    for (long i = 0; i < 3000; i++) {
        *(long *)sum += shared.f.run(&shared, i) + shared.steps[0](&shared, i);
    }
    return NULL;
}

/* One has the library work with what another calls functions in. */
static void tools_of_threads(void)
{
    pthread_t threads[4];
    long sums[4] = {0};

    conform_tool_start(&shared, 6);
    for (int i = 0; i < 4; i++) {
        pthread_create(&threads[i], NULL, i % 2 == 0 ? tool_use : tool_run,
                       &sums[i]);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
    }
    printf("%ld %ld %ld %ld %d\n", sums[0], sums[1], sums[2], sums[3],
           conform_tool_count(&shared));
}

const struct test_case tool_cases[] = {
    {"tools", tools},
    {"tools_lent", tools_lent},
    {"tools_exchanged", tools_exchanged},
    {"tools_of_threads", tools_of_threads},
    {NULL, NULL},
};
