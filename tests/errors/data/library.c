int g = 1;
int f(int a)
{
    return a;
}
