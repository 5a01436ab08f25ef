int f(const char *format, ...);
int g(const char *format, ...);
