typedef double scale(double real);

struct tool {
    int kind;
    struct {
        long (*run)(struct tool *tool, long value);
        struct tool *(*copy)(const struct tool *tool);
        void (*join)(struct tool *tool, struct tool *other);
    } f;
    scale *steps[2];
    union {
        long number;
        void (*tell)(const char *text);
    } of;
};

struct tool *tool_new(int kind);
const struct tool *tool_standard(void); /* constant: left as it is */
void tool_start(struct tool *tool);     /* writes all of it */
long tool_use(struct tool *tool, long value);
long tool_look(struct tool *tool); /* nothing is said: it is left as it is */
