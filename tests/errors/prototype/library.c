int f(int a)
{
    return a;
}
int g()
{
    return 0;
}
