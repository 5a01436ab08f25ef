typedef void (*function)(void);

function named_get(void *object, const char *name)
{
    return 0;
}

void *named_find(const unsigned char *name)
{
    return 0;
}

int named_add(int a, int b)
{
    return a + b;
}

int named_print(const char *format, ...)
{
    return 0;
}
