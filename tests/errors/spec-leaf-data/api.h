extern int (*hook)(int a);
extern int level;
int f(int a);
int quick_g(int a);
