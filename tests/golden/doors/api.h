int f(int a);
int g(int a);
int h(int a);
int i(int a);
