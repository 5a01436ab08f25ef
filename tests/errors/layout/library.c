int f(int a)
{
    return a;
}
int g(void *it)
{
    return it != 0;
}
int h(void *head) { return 0; }
