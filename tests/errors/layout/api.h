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
enum kind { EXACT };
struct link {
    enum kind kind;
    struct link *next;
};
struct exact_link {
    enum kind kind;
    struct link *next;
    void (*done)(void);
    long double value;
};
int h(struct link *head);
