int f(void *at) { return at != 0; }
int h(int a) { return a; }
int i(int a) { return a; }
