int f(int a, int (*call)(int));
int g(int a);
void (*h(void))(int);
void i(void (**place)(int));
void j(void (**place)(int));
