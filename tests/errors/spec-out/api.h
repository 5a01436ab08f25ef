int f(int a, int *b, const int *d);
