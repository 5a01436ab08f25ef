#include "api.h"

long double long_double_add(long double a, long double b)
{
    return a + b;
}

struct exact long_double_walk(struct exact from, step next)
{
    from.values[0][1] = next(from, 1);
    return from;
}

step long_double_step(void)
{
    return 0;
}
