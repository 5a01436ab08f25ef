int f(int a);
int g(unknown b);

int h(int c;
