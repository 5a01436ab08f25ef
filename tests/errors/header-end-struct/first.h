int f(int a);
struct left {
    int open;
