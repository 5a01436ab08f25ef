/* SPDX-License-Identifier: MIT
 * Opens the library itself, in each way. */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

static const char soname[] = "libsymbols.so.1";

static int call(void *address, int value)
{
    int (*function)(int);

    memcpy(&function, &address, sizeof(function));
    return address == NULL ? -1 : function(value);
}

static void open_as(const char *name, int flags)
{
    void *library = dlopen(soname, flags);

    if (library == NULL) {
        printf("%s: %s\n", name, dlerror());
        return;
    }
    printf("%s: %d", name, call(dlsym(library, "symbols_rate"), 1));
    printf(" %d", call(dlvsym(library, "symbols_rate", "SYM_1"), 2));
    printf(" %d", call(dlsym(library, "symbols_pick"), 3));
    printf(" %d", dlsym(library, "symbols_none") != NULL);
    printf(" %d", call(dlsym(RTLD_DEFAULT, "symbols_add"), 4));
    printf(" %d\n", dlopen(soname, RTLD_LAZY | RTLD_NOLOAD) == library);
}

int main(void)
{
    void *library;
    const char *(*side)(void);
    void *address;

    printf("before: %d\n", dlopen(soname, RTLD_LAZY | RTLD_NOLOAD) != NULL);
    open_as("lazy, local", RTLD_LAZY | RTLD_LOCAL);
    open_as("now, local", RTLD_NOW | RTLD_LOCAL);
    open_as("lazy, global", RTLD_LAZY | RTLD_GLOBAL);
    open_as("now, global", RTLD_NOW | RTLD_GLOBAL);
    library = dlopen(soname, RTLD_LAZY);
    address = library == NULL ? NULL : dlsym(library, "symbols_side");
    if (address == NULL) {
        return 1;
    }
    memcpy(&side, &address, sizeof(side));
    fprintf(stderr, "side: %s\n", side());
    printf("closed: %d\n", dlclose(library));
    printf("after: %d\n", call(dlsym(RTLD_DEFAULT, "symbols_sum"), 5));
    return 0;
}
