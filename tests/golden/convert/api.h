#include <stddef.h>

#ifdef __x86_64__
#define FOR(x86_64, others) x86_64
#else
#define FOR(x86_64, others) others
#endif

enum kind { KIND_NUMBER, KIND_INTEGER };

struct pair {
    int first;
    char second;
};

struct FOR(__attribute__((packed)), ) point {
    char name[6];
    FOR(short, long) size;
    FOR(unsigned a : 5, int a : 9);
    FOR(int, ) FOR(only_here;, )
    long double place[2][2];
    struct pair same[3];
};

struct value {
    enum kind kind;
    union {
        long double number;
        int integer;
    } of;
};

struct node {
    struct value value;
    struct node *next;
    const struct point *points;
    unsigned n_points;
};

struct tail {
    size_t n;
    _Complex long double values[];
};

long double sum(const long double *values, size_t n);
void fill(long double *area, int width, int height);
int points(struct point *points, unsigned *n);
long walk(const struct node *first, int *depth);
void turn(long double matrix[3][3]);
int rows(const struct point *const *rows);
void tail(struct tail *tail);
int same(const struct pair *pair, int n);

const struct point *best(const struct point *points, int *n);
long double *copied(int n);

typedef int visit(struct point *points, int n, void *context);
int each(const struct node *first, visit *call, void *context);
