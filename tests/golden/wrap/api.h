#include <stdio.h>

typedef void write_function(const char *text);

size_t text_put(FILE *stream, const char *text);
int text_print(FILE *stream, const char *format, ...);
int option_set(int option, ...);
