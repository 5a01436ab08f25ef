int f(int a, int *b)
{
    *b = a;
    return a;
}
