inline int f(int a)
{
    return a;
}
extern inline int g(int a)
{
    return a;
}
int h(int a);
inline int h(int a)
{
    return a;
}
