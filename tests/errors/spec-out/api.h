int f(int a, int *b, const int *d);
int *g(void);
int *h(void);
int i(void);
