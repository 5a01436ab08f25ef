#ifdef __x86_64__
#define FOR(x86_64, others) x86_64
#else
#define FOR(x86_64, others) others
#endif

/* What results and places lead to: a list with a row of its own, a union, an
 * array at the end. */
enum kind { KIND_NUMBER, KIND_NODE };

struct entry {
    enum kind kind;
    union {
        long double number;
        struct node {
            FOR(char at;, )
            int n;
            struct node *next;
            const struct entry *row;
            FOR(, char at;)
        } node;
    } of;
};

struct tail {
    FOR(int n;, long n;)
    struct node *nodes;
    int values[];
};

struct about {
    FOR(short size;, int size;)
    const struct node *first;
    struct node **nodes;
};

struct node *first(void);
struct entry **all(void);
const struct tail *tail_of(const struct node *node);
struct about *about_new(int n);
int find(int at, struct node **found);
int step(struct node **at);
void describe(struct about *about, int n);
void list_free(struct node *first);

typedef int visit(struct node *node, const struct entry *const *row);
int each(visit *call);
typedef void keep(const struct node *node);
void tell(keep *call);
