int f(int a)
{
    return a;
}
void g(int a, ...)
{
    (void)a;
}
