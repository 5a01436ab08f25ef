int f(int a)
{
    return a;
}
int new_g(int a)
{
    return a;
}
int old_g(int a) __attribute__((alias("new_g")));
__asm__(".symver old_g, g@LIB_1");
__asm__(".symver new_g, g@@LIB_2");
