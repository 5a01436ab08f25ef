typedef struct connection connection;
int f(connection *to, int where);
int own_to_host(int place, connection *on);
