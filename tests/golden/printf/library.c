/* SPDX-License-Identifier: MIT */
#include "api.h"

#include <stdio.h>

int say(void *to, const char *format, ...)
{
    return to == NULL && format == NULL;
}

int say_list(void *to, const char *format, va_list list)
{
    return vfprintf(to, format, list);
}

void say_nothing(const char *format, ...)
{
    (void)format;
}

void say_nothing_list(va_list list, const char *format)
{
    vprintf(format, list);
}

char *say_text(const char *format, ...)
{
    return (char *)format;
}

unsigned long say_length(char *to, size_t size, const char *text, ...)
{
    return to == NULL && text == NULL ? size : 0;
}

outcome say_outcome(const char *format, ...)
{
    return format == NULL ? BAD : GOOD;
}

int say_first(const char *format, int level, ...)
{
    return format == NULL ? level : 0;
}

int say_attribute(int level, const char *format, ...)
{
    return format == NULL ? level : 0;
}

int say_attribute_list(const char *format, va_list list)
{
    return vprintf(format, list);
}
