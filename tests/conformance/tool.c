/* SPDX-License-Identifier: MIT
 * A struct with the library's own functions in it. */
#include "conform.h"

#include <stdlib.h>

static long run(struct conform_tool *tool, long value)
{
    return tool->factor * value;
}

static double scale(struct conform_tool *tool, double real, float value)
{
    return (double)tool->factor * real + (double)value;
}

static struct conform_tool *copy(struct conform_tool *tool, long factor)
{
    return conform_tool_new(tool->factor * factor);
}

static void end(struct conform_tool *tool)
{
    free(tool);
}

static long add(void *context, long value)
{
    return value + ((struct conform_tool *)context)->factor;
}

static long subtract(void *context, long value)
{
    return value - ((struct conform_tool *)context)->factor;
}

void conform_tool_start(struct conform_tool *tool, long factor)
{
    *tool = (struct conform_tool){
        .factor = factor,
        .f = {run, scale, copy, end},
        .steps = {add, subtract, NULL},
    };
}

struct conform_tool *conform_tool_new(long factor)
{
    struct conform_tool *tool = malloc(sizeof(*tool));

    if (tool != NULL) {
        conform_tool_start(tool, factor);
    }
    return tool;
}

long conform_tool_use(struct conform_tool *tool, long value)
{
    long sum = tool->f.run(tool, value) + (long)tool->f.scale(tool, 2.5, 0.5f);

    for (size_t i = 0; tool->steps[i] != NULL; i++) {
        sum += tool->steps[i](tool, value);
    }
    return sum;
}

int conform_tool_count(struct conform_tool *tool)
{
    return (tool->f.run == run) + (tool->f.scale == scale) +
           (tool->f.copy == copy) + (tool->f.end == end) +
           (tool->steps[0] == add) + (tool->steps[1] == subtract);
}

long conform_tool_lend(conform_tool_visit visit, void *context)
{
    struct conform_tool tool;

    conform_tool_start(&tool, 13);
    visit(&tool, context);
    visit(&tool, context);
    return conform_tool_use(&tool, 3) +
           (conform_tool_count(&tool) == 6 ? 1000 : 0);
}
