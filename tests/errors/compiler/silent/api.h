typedef float vector __attribute__((vector_size(16)));
typedef int same_int __attribute__((aligned(4)));
struct by_attribute {
    int a : 3;
    int b : 4 __attribute__((packed));
    int c __attribute__((aligned(16)));
};
struct by_typedef {
    struct {
        same_int c : 4;
    } inner[2];
};
int f(int a);
int g(struct by_attribute *it);
int h(struct by_attribute *it);
int i(int (*with)(struct by_typedef *it));
vector j(vector a);
