int f(int tag, ...)
{
    return tag;
}

int h(int a)
{
    return a;
}
