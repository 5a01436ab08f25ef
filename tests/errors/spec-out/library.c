int f(int a, int *b, const int *d)
{
    *b = a;
    return a;
}
