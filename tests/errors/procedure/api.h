typedef void (*function)(void);

function get(const char *name);
void get_print(const char *format, ...) __attribute__((format(printf, 1, 2)));
