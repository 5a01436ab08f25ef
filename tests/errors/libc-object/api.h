#include <dirent.h>
#include <locale.h>
#include <stdio.h>

int f(FILE *file);
DIR *g(locale_t locale);
int h(int a);
