int f(int a, int (*call)(int));
int g(int a);
