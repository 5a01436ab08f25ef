int f(int a, int *b, const int *d)
{
    *b = a;
    return a;
}
int *g(void) { return 0; }
int *h(void) { return 0; }
int i(void) { return 0; }
