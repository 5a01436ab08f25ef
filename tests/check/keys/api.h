typedef struct connection connection;
struct options {
    int depth;
    connection *to;
};

connection *own_connection_to_host(connection *guest);
connection *own_connection_to_guest(connection *host);
void own_flush(connection *to);

connection *handle_open(const char *name);
int handle_send(connection *to, int value);
int handle_set(const struct options *options);
int handle_close(connection *to);
int configure(int option, ...);
char *text_make(const char *format, ...);
void (*function_get(const char *name))(void);
long double exact_add(long double a, int b);
int quick_first(int a);
int quick_second(int a);
int text_read(const char *text, const char *format, ...);
int text_join(const char *first, ...);
int text_say(const char *format, ...);
