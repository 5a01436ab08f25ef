/* SPDX-License-Identifier: MIT
 * Variables of a library that is opened late. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

static void *library;
static pthread_barrier_t turn;

/* A thread that is there before the library: its variables begin as they do. */
static void *early(void *argument)
{
    pthread_barrier_wait(&turn);
    pthread_barrier_wait(&turn);
    printf("%ld ", *(long *)dlsym(library, "store_seed"));
    return argument;
}

int main(void)
{
    pthread_t thread;
    const char *version;
    int *level, first, *error;
    int (*fail)(int by);
    void (*raise)(int by);

    pthread_barrier_init(&turn, NULL, 2);
    if (pthread_create(&thread, NULL, early, NULL) != 0) {
        return 1;
    }
    pthread_barrier_wait(&turn);
    library = dlopen("libstore.so.1", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        return 1;
    }
    pthread_barrier_wait(&turn);
    pthread_join(thread, NULL);
    version = dlsym(library, "store_version");
    level = dlvsym(library, "store_level", "STORE_1");
    raise = (void (*)(int))(size_t)dlsym(library, "store_raise");
    first = *level;
    raise(10);
    printf("%s %d %d ", version, first, *level);
    error = dlsym(library, "store_errno");
    fail = (int (*)(int))(size_t)dlsym(library, "store_fail");
    *error += 20;
    printf("%d ", fail(1));
    printf("%d ", *error);
    dlclose(library);
    library = dlopen("libstore.so.1", RTLD_NOW | RTLD_LOCAL);
    level = dlsym(library, "store_level");
    printf("%d\n", *level);
    return 0;
}
