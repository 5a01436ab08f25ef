int f(int tag, ...);
static inline int g(int a)
{
    return a;
int h(int a);
