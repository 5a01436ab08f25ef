struct table {
    void (*call)(void);
};
struct message {
    int kind;
    union {
        void (*call)(int);
        int number;
    } what;
    const struct table *table;
};
struct hidden;
int f(struct message *message, struct hidden *hidden);
