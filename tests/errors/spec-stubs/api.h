struct plain {
    int number;
    void *function;
};
struct tool {
    void (*run)(void);
};
struct plain *f(void);
void g(struct tool *tool);
