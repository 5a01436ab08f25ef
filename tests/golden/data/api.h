#include <stdio.h>

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

extern data_visitor *data_hook;
extern FILE *data_log;
struct data_entry {
    int kind;
    data_visitor *visit;
};
extern struct data_entry data_entries[2];
extern struct data_entry *data_current;

typedef int data_reader(FILE *from, void *to);

int data_read(data_reader *reader);
data_reader *data_reader_get(void);
int data_visit(data_visitor *visit);
long double data_apply(data_exact *apply);
