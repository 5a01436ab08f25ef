int f(int a);
extern int g;
