int f(int a)
{
    return a;
}
void symbols(void)
{
}
void call_f(void)
{
}
void (*stub_hook(void))(void)
{
    return 0;
}
void stubs(void)
{
}
