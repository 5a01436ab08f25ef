typedef void (*function)(void);

function f(int object, const char *name)
{
    return 0;
}

int g(const char *name)
{
    return 0;
}

function h(const char *name)
{
    return 0;
}

function i(const char *name)
{
    return 0;
}
