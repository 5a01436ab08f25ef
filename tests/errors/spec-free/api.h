int number(int a);
char *text(char *a, void (**b)(void), int *c);
char *leaf(int a);
