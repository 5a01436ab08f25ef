int f(int a)
{
    return a;
}
void (*g(int a))(void)
{
    (void)a;
    return 0;
}
