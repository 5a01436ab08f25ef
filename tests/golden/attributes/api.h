int attribute_hidden(int a);
#define attribute_hidden(a) ((a) + 1)

int attribute_renamed(int a);
#define attribute_renamed attribute_hidden

static inline int attribute_inline(int a)
{
    return a;
}

void attribute_stops(int status) __attribute__((noreturn));
_Noreturn void attribute_stops_too(void);
void attribute_old(void) __attribute__((deprecated("use a new one")));
