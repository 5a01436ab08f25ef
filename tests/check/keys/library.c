void *handle_open(const char *name) { return 0; }
int handle_send(void *to, int value) { return 0; }
int handle_set(const void *options) { return 0; }
int handle_close(void *to) { return 0; }
int configure(int option, ...) { return 0; }
char *text_make(const char *format, ...) { return 0; }
void (*function_get(const char *name))(void) { return 0; }
long double exact_add(long double a, int b) { return a + b; }
int quick_first(int a) { return a; }
int quick_second(int a) { return a; }
int text_read(const char *text, const char *format, ...) { return 0; }
int text_join(const char *first, ...) { return 0; }
int text_say(const char *format, ...) { return 0; }
