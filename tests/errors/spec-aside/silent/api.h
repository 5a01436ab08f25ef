int f(int a);
void own(int a);
void begin(void);
