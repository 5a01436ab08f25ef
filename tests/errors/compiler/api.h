typedef double vector __attribute__((vector_size(32)));
typedef int wide_int __attribute__((aligned(16)));
struct by_attribute {
    int a : 3;
    int b : 4 __attribute__((aligned(4)));
};
struct by_typedef {
    struct {
        wide_int c : 4;
    } inner[2];
};
struct list {
    struct list *next;
    struct by_attribute *of;
};
int f(int a);
int g(struct list *list);
int h(struct list *list);
int i(int (*with)(struct by_typedef *it));
vector j(int a);
