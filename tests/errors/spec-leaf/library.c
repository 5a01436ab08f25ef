int f(int a, int (*call)(int))
{
    return call(a);
}

int g(int a)
{
    return a;
}

void (*h(void))(int)
{
    return 0;
}

void i(void (**place)(int))
{
    *place = 0;
}

void j(void (**place)(int))
{
    *place = 0;
}

int k(void)
{
    return 0;
}

int l(void)
{
    return 0;
}

int m(void)
{
    return 0;
}

void *n(void)
{
    return 0;
}

void o(void *tool)
{
    (void)tool;
}
