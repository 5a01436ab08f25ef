#include "greet.h"

#include <stdio.h>
#include <string.h>

static int say(const char *text)
{
    puts(text);
    return (int)strlen(text);
}

int main(void)
{
    printf("%d letters\n", greet_all("world", 3, say));
    return 0;
}
