typedef int (*reader)(void *context, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

int take(reader reader);
