int run(int how, char **argv);
char *text_new(void);
char *text_given(void);
char *text_write(char *place);
const char *text_title(void);
