int f(int a)
{
    return a;
}
int g;
