int f(int a)
{
    return a;
}
__asm__(".symver old_g, g@LIB_1, remove");
int old_g(int a)
{
    return a;
}
__asm__(".symver new_g, g@@LIB_2, remove");
int new_g(int a)
{
    return a;
}
