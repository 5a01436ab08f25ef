struct ops {
    void *call;
};
int f(int a, void *b, struct ops *ops);
int g(int option, ...);
