int g(int a);
int f(int a)
