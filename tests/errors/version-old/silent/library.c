int f(int a)
{
    return a;
}
__asm__(".symver new_g, g@@LIB_2");
int new_g(int a)
{
    return a;
}
__asm__(".symver old_g, g@LIB_1");
extern __typeof__(new_g) old_g __attribute__((alias("new_g")));
