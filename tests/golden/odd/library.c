int odd_old(int a, int b) { return a * 1000 + b; }
long odd_new(long a, long b) { return a + b; }
double odd_inner_scale(double x) { return x * 2.5; }
const int odd_inner_limit = 9;
int odd_linked(int x) { return x; }
double odd_trace(int n, const double *m) { return m[n]; }
int odd_deep(int w, int *cells, int k) { return cells[w + k]; }
void odd_fill(long rows, long columns, int *grid, int start) { *grid = start; }
int odd_fixed(const int *v, int *w) { return *v + *w; }
int odd_walk(int n, int *row, int (*visit)(int, int *)) { return visit(n, row); }
int *odd_rows(int *value) { return value; }
int odd_twice(int x) { return 2 * x; }
int odd_thrice(int x) { return 3 * x; }
int odd_fourfold(int x) { return 4 * x; }
int odd_apply(int (*operation)(int), int x) { return operation(x); }
void *odd_pick(int which) { return 0; }
int odd_clamp(int v) { return v; }
int odd_half(int v) { return v; }
int frame(int x) { return x; }
int real(int (*target)(int), int x) { return target(x); }
int gtl(int x) { return x; }
int symbols(int x) { return x; }
int library(int text, int words) { return text + words; }
int result(int x, int *text) { return x + *text; }
int head = 1;
void copies(void *arguments, void *frame) { }
int odd_union(const void *argument) { return argument != 0; }
void odd_end(int status) { for (;;) { } }
int odd_complex(_Complex double number) { return (int)number; }
int *odd_pointer(void) { return &head; }
void odd_bracketed(int x) { }
const volatile unsigned odd_flags[2] = {1, 2};
int odd_state_of(const int *entry, int name) { return *entry + name; }
