int (*hook)(int a);
int level;

int f(int a)
{
    return a;
}

int quick_g(int a)
{
    return a;
}
