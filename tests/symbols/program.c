/* SPDX-License-Identifier: MIT
 *
 * Linked with the library, in part as a program of old is: with older versions.
 * The side that did the work goes to stderr.
 */
#include "symbols.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

int old_rate(int value);
int middle_rate(int value);
int old_each(symbols_step step, int value);
int old_gone(int value);
int old_text(char *to, unsigned long size, const char *format, ...);
int symbols_missing(int value) __attribute__((weak));

__asm__(".symver old_rate, symbols_rate@SYM_1");
__asm__(".symver middle_rate, symbols_rate@SYM_1.5");
__asm__(".symver old_each, symbols_each@SYM_1");
__asm__(".symver old_gone, symbols_gone@SYM_1");
__asm__(".symver old_text, symbols_text@SYM_1");

static int step_twice(int value)
{
    return 2 * value;
}

static void called(const char *what, symbols_step function)
{
    printf("%s %d\n", what, function == NULL ? -1 : function(7));
}

static symbols_step as_step(void *address)
{
    symbols_step step;

    memcpy(&step, &address, sizeof(step));
    return step;
}

static void looked_up(const char *name, const char *version)
{
    void *address = version == NULL ? dlsym(RTLD_DEFAULT, name)
                                    : dlvsym(RTLD_DEFAULT, name, version);
    Dl_info info = {0};

    printf("%s@%s: ", name, version == NULL ? "" : version);
    called("calls", as_step(address));
    if (address != NULL && dladdr(address, &info) != 0) {
        printf("in %s\n", strrchr(info.dli_fname, '/') + 1);
    }
}

int main(void)
{
    char text[64];

    called("rate", symbols_rate);
    called("old rate", old_rate);
    called("middle rate", middle_rate);
    printf("each %d\n", symbols_each(step_twice, 9));
    printf("old each %d\n", old_each(step_twice, 9));
    called("gone", old_gone);
    called("add", symbols_add);
    called("sum", symbols_sum);
    called("weak", symbols_weak);
    called("pick", symbols_pick);
    called("missing", symbols_missing);
    printf("%d", symbols_text(text, sizeof(text), "%s %.2f", "x", 0.5));
    printf(" %s\n", text);
    printf("%d", old_text(text, sizeof(text), "%s %.2f", "y", 0.25));
    printf(" %s\n", text);
    looked_up("symbols_rate", NULL);
    looked_up("symbols_rate", "SYM_1");
    looked_up("symbols_rate", "SYM_1.5");
    looked_up("symbols_rate", "SYM_2");
    looked_up("symbols_rate", "SYM_9");
    looked_up("symbols_gone", "SYM_1");
    looked_up("symbols_add", "SYM_2");
    looked_up("symbols_sum", NULL);
    looked_up("symbols_weak", NULL);
    looked_up("symbols_pick", NULL);
    looked_up("symbols_missing", NULL);
    printf("different: %d\n", symbols_rate != old_rate);
    fprintf(stderr, "side: %s\n", symbols_side());
    return 0;
}
