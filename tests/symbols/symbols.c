/* SPDX-License-Identifier: MIT */
#include "symbols.h"

#include <stdarg.h>
#include <stdio.h>

int symbols_rate_1(int value);
int symbols_rate_15(int value);
int symbols_rate_2(int value);
int symbols_each_1(symbols_step step, int value);
int symbols_each_2(symbols_step step, int value);
int symbols_gone_1(int value);
int symbols_text_1(char *to, unsigned long size, const char *format, ...);
int symbols_text_2(char *to, unsigned long size, const char *format, ...);

__asm__(".symver symbols_rate_1, symbols_rate@SYM_1, remove");
__asm__(".symver symbols_rate_15, symbols_rate@SYM_1.5, remove");
__asm__(".symver symbols_rate_2, symbols_rate@@SYM_2, remove");
__asm__(".symver symbols_each_1, symbols_each@SYM_1, remove");
__asm__(".symver symbols_each_2, symbols_each@@SYM_2, remove");
__asm__(".symver symbols_gone_1, symbols_gone@SYM_1, remove");
__asm__(".symver symbols_text_1, symbols_text@SYM_1, remove");
__asm__(".symver symbols_text_2, symbols_text@@SYM_2, remove");

int symbols_rate_1(int value)
{
    return 1000 + value;
}

int symbols_rate_15(int value)
{
    return 1500 + value;
}

int symbols_rate_2(int value)
{
    return 2000 + value;
}

int symbols_each_1(symbols_step step, int value)
{
    return 1000 + step(value);
}

int symbols_each_2(symbols_step step, int value)
{
    return 2000 + step(step(value));
}

int symbols_gone_1(int value)
{
    return 3000 + value;
}

int symbols_add(int value)
{
    return 4000 + value;
}

int symbols_sum(int value) __attribute__((alias("symbols_add")));

__attribute__((weak)) int symbols_weak(int value)
{
    return 5000 + value;
}

static int pick_one(int value)
{
    return 6000 + value;
}

/* Runs while the library is relocated, so it calls nothing. */
static symbols_step pick(void)
{
    return pick_one;
}

int symbols_pick(int value) __attribute__((ifunc("pick")));

static int text(char *to, unsigned long size, int version, const char *format,
                va_list arguments)
{
    int length = snprintf(to, size, "%d: ", version);

    return length + vsnprintf(to + length, size - (unsigned long)length, format,
                              arguments);
}

int symbols_text_1(char *to, unsigned long size, const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = text(to, size, 1, format, arguments);
    va_end(arguments);
    return length;
}

int symbols_text_2(char *to, unsigned long size, const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = text(to, size, 2, format, arguments);
    va_end(arguments);
    return length;
}

const char *symbols_side(void)
{
    return SYMBOLS_SIDE;
}
