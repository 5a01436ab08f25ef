/* SPDX-License-Identifier: MIT
 * Opens a library that refers to a variable before anything was called. */
#include <dlfcn.h>
#include <stdio.h>

int main(void)
{
    if (dlopen("libvariable.so", RTLD_NOW) == NULL) {
        puts(dlerror());
        return 1;
    }
    return 0;
}
