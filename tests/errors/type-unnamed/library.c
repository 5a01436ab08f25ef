int f(int a)
{
    return a;
}
int g(void)
{
    return 0;
}
int h(void *b)
{
    return b == 0;
}
