int f(int a) { return a; }
int g(int a) { return a; }
int secret(void) { return 0; }
int other(void) { return 0; }
#define MORE(n) int more_##n(void) { return n; }
MORE(0) MORE(1) MORE(2) MORE(3) MORE(4) MORE(5) MORE(6) MORE(7) MORE(8) MORE(9)
