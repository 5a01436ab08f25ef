int ended(void *it) { return 0; }
int f(void *at, unsigned long n, double d, int *place, int value) { return 0; }
int g(void *it) { return 0; }
int h(void *rows, int n) { return 0; }
int out(void *it, void *n, void *to) { return 0; }
int visit(void *each) { return 0; }
void *made(int n) { return 0; }
void *all(void) { return 0; }
int rows(void *of) { return 0; }
int rows_told(void *of) { return 0; }
