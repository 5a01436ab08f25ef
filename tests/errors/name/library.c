int f(int a)
{
    return a;
}
void attach(void)
{
}
void call_f(void)
{
}
