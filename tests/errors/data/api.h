struct hooks {
    int a;
    int (*run[2])(void);
};
int f(int a);
extern int plain;
extern const char *text;
extern struct hooks hooks;
extern const int longer[4];
extern _Thread_local int local;
extern const long double exact;
