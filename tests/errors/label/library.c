int f(int a) { return a; }
long f_new(long a) { return a; }
int g_inner(int a) { return a; }
