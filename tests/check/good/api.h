int add(int a, int b);
int unused(int a);
