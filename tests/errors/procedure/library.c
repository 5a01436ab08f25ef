typedef void (*function)(void);

function get(const char *name)
{
    return 0;
}
