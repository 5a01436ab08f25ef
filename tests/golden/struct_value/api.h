struct pair {
    char first;
    double second;
};

typedef struct {
    long long words[4];
    struct pair pair;
} large;

typedef union {
    float f;
    unsigned bits;
} either;

struct pair value_swap(struct pair from);
large value_fill(const large from, either how);
