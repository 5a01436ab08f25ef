int f(int a);
void own(int a);
