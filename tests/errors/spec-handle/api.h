typedef struct connection connection;
int f(connection *to);
connection *own_to_host(connection *guest);
