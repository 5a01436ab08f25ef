enum { ONE = 1, UNE = 1 };
int f(int option, const char *name, ...);
int g(int option);
int h(int option, ...);
int say(int option, const char *format, ...);
int bad(int option, ...);
