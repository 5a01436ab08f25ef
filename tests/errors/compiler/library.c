int f(int a) { return a; }
int g(void *a) { return 0; }
int h(void *a) { return 0; }
int i(void *a) { return 0; }
int j(int a) { return 0; }
