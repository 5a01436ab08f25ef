int f(const char *format, int level, ...);
