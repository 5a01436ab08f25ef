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
