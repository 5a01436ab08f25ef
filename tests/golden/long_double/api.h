struct exact {
    long count;
    long double values[2][2];
};

typedef long double (*step)(struct exact from, _Complex long double by);

long double long_double_add(long double a, long double b);
struct exact long_double_walk(struct exact from, step next);
step long_double_step(void);
