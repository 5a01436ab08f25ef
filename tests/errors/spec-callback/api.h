typedef void visit(int);
struct ops {
    void *call;
    int number;
};
void *f(int a, void *b, struct ops *ops);
