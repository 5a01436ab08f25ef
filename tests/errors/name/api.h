int f(int a);
void symbols(void);
void call_f(void);
