#define FIRST_H

struct first {
    int number;
};

#ifdef ONLY_THERE
int headers_first(const struct first *from);
#endif
