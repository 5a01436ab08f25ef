#define FOR(x86_64, others) FOR_(x86_64, others)
#ifdef __x86_64__
#define FOR_(x86_64, others) x86_64
#else
#define FOR_(x86_64, others) others
#endif

struct moved {
    FOR(char a; int b;, int b; char a;)
};
struct list {
    FOR(char a; struct list *next;, struct list *next; char a;)
};
struct tail {
    int n;
    struct moved of[];
};
struct either {
    FOR(char a; int kind;, int kind; char a;)
    union {
        int i;
        struct moved moved;
    } of;
};
enum { EITHER_I, EITHER_MOVED };
int in(const struct moved *what);
int any(long double *what, int n);
int flow(struct moved *what);
int count(struct moved *what);
int each(struct moved **what);
int list(const struct list *first);
int tail(const struct tail *it);
int either(const struct either *it);
struct both { struct moved **all; };
int both(const struct both *it);
const struct moved *found(void);
struct moved *made(void);
long double *kept(int n);
typedef int visit(struct moved *what, int n);
int visit_all(visit *each);
int visit_flow(int (*each)(struct moved *what));
int visit_list(int (*each)(const struct list *first));
