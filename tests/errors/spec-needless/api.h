int number(int a);
char *text(char *a, void (**b)(void), int *c);
char *moved(int a);
int none(void);
char *leaf(int a);
struct pair {
    char *text;
    int number;
    void (*call)(void);
};
struct pair *pair(const struct pair *from, struct pair *to);
