int f(const char *format, ...);
int g(int *place);
int h(int a);
