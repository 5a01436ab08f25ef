static int f(int a)
{
    return a;
}
int (*g(void))(int) __attribute__((visibility("hidden")));
int (*g(void))(int)
{
    return f;
}
