/* SPDX-License-Identifier: MIT
 * Variables of a library that is opened late. */
#include <dlfcn.h>
#include <stdio.h>

int main(void)
{
    void *library = dlopen("libstore.so.1", RTLD_NOW | RTLD_LOCAL);
    const char *version;
    int *level, first;
    void (*raise)(int by);

    if (library == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        return 1;
    }
    version = dlsym(library, "store_version");
    level = dlvsym(library, "store_level", "STORE_1");
    raise = (void (*)(int))(size_t)dlsym(library, "store_raise");
    first = *level;
    raise(10);
    printf("%s %d %d ", version, first, *level);
    dlclose(library);
    library = dlopen("libstore.so.1", RTLD_NOW | RTLD_LOCAL);
    level = dlsym(library, "store_level");
    printf("%d\n", *level);
    return 0;
}
