typedef int visit(int value);

struct table {
    int (*read)(void *to, int size);
};

struct file {
    const struct table *table;
    struct file *next;
};

struct source {
    int (*open)(struct file *file, const char *name);
    void *close; /* really a function */
};

enum { EVENT_NUMBER, EVENT_CALL, EVENT_HANDLE };

struct event {
    int kind;
    union {
        long number;
        visit *call;
        struct {
            void (*handle)(void *);
            void *data;
        } handler;
    } of;
};

int source_add(const struct source *source);
int event_send(struct event *event);
void *handler_set(void *handler, void *context);
void exit_add(void (*function)(void));
