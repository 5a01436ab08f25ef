int f(int a, int (*call)(int))
{
    return call(a);
}

int g(int a)
{
    return a;
}
