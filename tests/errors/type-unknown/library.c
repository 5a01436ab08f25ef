int f(int a)
{
    return a;
}
_Complex double g(_Complex double a)
{
    return a;
}
