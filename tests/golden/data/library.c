#include "api.h"

const char data_version[] = "1.0";
const char *const data_names[2] = {"one", "two"};
struct data_state data_state;

int data_visit(data_visitor *visit)
{
    return visit(data_state.first);
}

static int add(int a, int b)
{
    return a + b;
}

static int print(const char *format, ...)
{
    (void)format;
    return 0;
}

int (*data_add)(int a, int b) = add;
int (*const data_print)(const char *format, ...) = print;

int data_inside(void)
{
    return 1;
}
