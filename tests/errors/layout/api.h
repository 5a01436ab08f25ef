struct inner {
    char first;
#ifdef __riscv
    char second;
#endif
    long double precise;
};
struct outer {
    struct inner *inner;
};
int f(int a);
int g(struct outer *it);
