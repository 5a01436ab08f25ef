int f(int a, int (*call)(int));
int g(int a);
void (*h(void))(int);
void i(void (**place)(int));
void j(void (**place)(int));
int k(const char *text, const char *format, ...);
int l(int first, ...);
int m(int first, ...);
struct tool {
    void (*run)(void);
};
struct tool *n(void);
void o(struct tool *tool);
