struct data_state {
    short first;
    long second;
};

extern const char data_version[];
extern const char *const data_names[2];
extern struct data_state data_state;

typedef int data_visitor(int level);

extern int (*data_add)(int a, int b);
extern int (*const data_print)(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

int data_visit(data_visitor *visit);
