int f(int a);
enum { ONE } g(void);
int h(struct { int a; } * b);
