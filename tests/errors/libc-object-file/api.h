#include <stdio.h>

struct options {
    int level;
    FILE *log;
};
struct fixed {
    FILE *const log;
};
struct many {
    FILE *logs[2];
};
struct list {
    FILE *log;
    const struct list *next;
};

int place(FILE **stream);
int places(FILE *streams[2]);
int read_one(const struct options *options);
int read_some(const struct options *options, int n);
int write_one(struct options *options);
int read_fixed(const struct fixed *fixed);
int read_many(const struct many *many);
int read_list(const struct list *list);
const struct options *give(void);
int call(int (*take)(const struct options *options));
int calls_place(int (*take)(FILE **stream));
FILE *leaf(void);
