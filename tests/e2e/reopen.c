/* SPDX-License-Identifier: MIT
 *
 * What makes QEMU translate a thunk's code anew, or a program find it anew: the
 * knocks in it must be heard all the same. Prints how many calls of crc32 it
 * has made; the library is opened by hand. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

typedef unsigned long checksum(unsigned long crc, const unsigned char *buffer,
                               unsigned size);

static int calls;

static void call(checksum *crc32)
{
    for (int i = 0; i < 5; i++) {
        if (crc32(0, (const unsigned char *)"abc", 3) != 0x352441c2) {
            puts("wrong");
            exit(1);
        }
        calls++;
    }
}

static checksum *find(void *library)
{
    checksum *crc32 = (checksum *)(uintptr_t)dlsym(library, "crc32");

    if (crc32 == NULL) {
        puts(dlerror());
        exit(1);
    }
    return crc32;
}

static void *call_in_thread(void *crc32)
{
    call((checksum *)(uintptr_t)crc32);
    return NULL;
}

/* The same bytes again, in all pages of the function's. */
static void rewrite(checksum *crc32)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    char *start = (char *)((uintptr_t)crc32 & ~(page - 1));
    volatile char *code = start;

    if (mprotect(start, page, PROT_READ | PROT_WRITE | PROT_EXEC) != 0) {
        puts("mprotect");
        exit(1);
    }
    for (uintptr_t i = 0; i < page; i++) {
        code[i] = code[i];
    }
    call(crc32);
    mprotect(start, page, PROT_READ | PROT_EXEC);
    call(crc32);
}

int main(void)
{
    void *library = NULL;
    pthread_t thread;
    checksum *crc32;

    for (int i = 0; i < 20; i++) {
        library = dlopen("libz.so.1", RTLD_NOW);
        if (library == NULL) {
            puts(dlerror());
            return 1;
        }
        call(find(library));
        dlclose(library);
    }
    library = dlopen("libz.so.1", RTLD_NOW);
    crc32 = find(library);
    rewrite(crc32);
    /* With its second thread, QEMU throws all translated code away. */
    pthread_create(&thread, NULL, call_in_thread, (void *)(uintptr_t)crc32);
    pthread_join(thread, NULL);
    call(crc32);
    rewrite(crc32);
    printf("%d\n", calls);
    return 0;
}
