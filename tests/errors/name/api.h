int f(int a);
void symbols(void);
void call_f(void);
typedef void (*hook)(void);
hook stub_hook(void);
void stubs(void);
extern const int entries;
extern const int data_f;
extern const int f_data;
