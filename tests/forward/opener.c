/* SPDX-License-Identifier: MIT
 * Opens a library that refers to a variable before anything was called. */
#include <dlfcn.h>
#include <stdio.h>

int main(void)
{
    void *handle = dlopen("libvariable.so", RTLD_NOW);
    int (*get)(void) = NULL;

    if (handle != NULL) {
        *(void **)&get = dlsym(handle, "variable_get");
    }
    if (get == NULL) {
        puts(dlerror());
        return 1;
    }
    printf("level: %d\n", get());
    return 0;
}
