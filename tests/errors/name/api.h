int f(int a);
void attach(void);
void call_f(void);
