int f(const char *format, ...)
{
    return format[0];
}

int g(const char *format, ...)
{
    return format[1];
}
