/* A library whose connections each side has of its own. */
#ifndef API_H
#define API_H

typedef struct connection connection;
typedef connection *connection_pointer;
typedef unsigned long id;
typedef id window;

struct surface {
    int flags;
    connection *on;
    window of;
};

connection *handle_current(void);
void handle_draw(connection *to, window where, const char *text);
int handle_guess(connection_pointer to, int kind, const struct surface *on);
int copy_surface(const struct surface *surface); /* as its parameter's copy */
void handle_list(connection *to, window *windows, struct surface *filled);
void handle_on_event(connection *to, int (*run)(connection *of, window where));
connection *(*handle_opener(void))(const char *name);
void handle_wait(void);
void handle_any(void *native, unsigned kind);
int handle_print(const char *format, ...);

/* What the host has beside it. */
connection *own_connection_to_host(connection *guest);
connection *own_connection_to_guest(connection *host);
window own_window_to_host(window guest, connection *to);
void *own_native_to_host(void *native, unsigned kind);
window own_plain_window_to_host(window guest);
void own_sync(connection *to);
void own_sync_all(void);
void own_start(void);

#endif
