enum kind { ONE, TWO };

struct head {
    enum kind kind;
    struct head *next;
    int number;
};

struct link {
    enum kind kind;
    struct link *next;
    void (*call)(void);
};

struct late {
    struct link *next;
    enum kind kind;
    void (*call)(void);
};

struct plain {
    enum kind kind;
    struct plain *next;
};

struct alone {
    enum kind kind;
    struct alone *next;
};

union either {
    int a;
    long b;
};

void f(struct head *head);
