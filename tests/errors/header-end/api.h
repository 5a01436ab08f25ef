int g(int a);
int h(int a);
