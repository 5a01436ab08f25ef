int say(const char *format, ...);
int half(double number, const char *format, ...);
int f(const char *text);
int read(const char *text, const char *format, ...);
