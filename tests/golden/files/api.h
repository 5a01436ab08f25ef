#include <stdio.h>

/* As results, in places, in structs that are read, by callbacks and stubs. */
FILE *reader_open(const char *path);
FILE *reader_log(void);
int reader_ends(FILE **in, FILE **out);
int reader_next(FILE **stream, int n);
int reader_peek(FILE *const *stream);

struct settings {
    FILE *in, *out;
    const char *name;
};
int reader_set(const struct settings *settings);

typedef FILE *(*opener)(const char *name);
int reader_open_by(opener open);
opener reader_opener(void);
typedef int (*user)(FILE *stream);
int reader_use(FILE *stream, user use);
int reader_count(int n);

extern FILE *reader_current;
