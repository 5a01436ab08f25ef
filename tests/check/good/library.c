int add(int a, int b) { return a + b; }
int unused(int a) { return a; }
