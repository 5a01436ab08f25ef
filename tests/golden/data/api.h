struct data_state {
    short first;
    long second;
};

extern const char data_version[];
extern const char *const data_names[2];
extern struct data_state data_state;

typedef int data_visitor(int level);

int data_visit(data_visitor *visit);
