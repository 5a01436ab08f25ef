long f(long a) __asm__("f_new");
int g(int a) __asm__("g_inner");
