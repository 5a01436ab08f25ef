int f(int a) { return a; }
int g(void *on) { return on != 0; }
int h(const void *services) { return services != 0; }
void *i(void) { return 0; }
int j(void *on) { return on != 0; }
int k(void *on) { return on != 0; }
float l(float a) { return a; }
int m(int a) { return a; }
