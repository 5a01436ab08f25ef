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
const int entries = 1;
const int data_f = 1;
const int f_data = 1;
