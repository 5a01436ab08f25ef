#include "api.h"

const char data_version[] = "1.0";
const char *const data_names[2] = {"one", "two"};
struct data_state data_state;
_Thread_local int data_error;
_Thread_local const char *data_domain = "none";

data_visitor *data_hook;
FILE *data_log;
struct data_entry data_entries[2];
struct data_entry *data_current = data_entries;

int data_read(data_reader *reader)
{
    return reader(data_log, NULL);
}

data_reader *data_reader_get(void)
{
    return NULL;
}

int data_visit(data_visitor *visit)
{
    return visit(data_state.first);
}

long double data_apply(data_exact *apply)
{
    return apply(1);
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
