struct data_state {
    short first;
    long second;
};

extern const char data_version[];
extern const char *const data_names[2];
extern struct data_state data_state;
extern _Thread_local int data_error;
extern _Thread_local const char *data_domain;

typedef int data_visitor(int level);

extern int (*data_add)(int a, int b);
extern int (*const data_print)(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

typedef long double data_exact(long double number);

int data_visit(data_visitor *visit);
long double data_apply(data_exact *apply);
