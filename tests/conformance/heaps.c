/* SPDX-License-Identifier: MIT
 * Memory that the library allocates and the program frees, and the other way
 * round; and a library that ends the process. */
#include "cases.h"
#include "conform.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* What malloc() takes from its heap, and what it maps. */
static const size_t sizes[] = {0, 1, 24, 5000, 200000, 40 << 20};

enum { SIZES = sizeof(sizes) / sizeof(sizes[0]) };

static void heap_caller_frees(void)
{
    char *text = NULL, *error = NULL, *kept = (char *)(void *)&kept;

    for (int i = 0; i < SIZES; i++) {
        text = conform_letters(sizes[i]);
        printf("%zu\n", strlen(text));
        text = realloc(text, sizes[i] + 100);
        strcat(text, "y");
        printf("%zu\n", strlen(text));
        free(text);
    }
    printf("%d", conform_texts(&text, &kept, 1));
    printf(" %s %d\n", text, kept == (char *)(void *)&kept);
    free(text);
    text = NULL;
    printf("%d", conform_texts(&text, &error, 0));
    printf(" %d %s\n", text == NULL, error);
    free(error);
    printf("%d\n", conform_texts(NULL, NULL, 0));
}

static void heap_members_freed(void)
{
    struct conform_poster poster = {3, NULL}, *made;
    char kept[] = "the program's";

    for (size_t length = 10; length < 1000000; length *= 10) {
        printf("%d", conform_poster_get(&poster, length));
        printf(" %zu %zu\n", strlen(poster.text), poster.length);
        free(poster.text);
        made = conform_poster_new(length);
        printf("%zu\n", strlen(made->text));
        made->text = realloc(made->text, length + 100);
        free(made->text);
        free(made);
    }
    poster.text = kept;
    printf("%d", conform_poster_get(&poster, 10000000));
    printf(" %d %d\n", poster.text == kept, conform_poster_get(NULL, 1));
}

static void blocks_free(void)
{
    for (int i = 0; i < SIZES; i++) {
        conform_free(malloc(sizes[i]));
        conform_free(conform_block(sizes[i]));
    }
    conform_free(NULL);
}

static void heap_library_frees(void)
{
    for (int i = 0; i < 100; i++) {
        blocks_free();
    }
    puts("freed");
}

static void block_grow(char *block, const char *text)
{
    memcpy(block, text, 6);
    for (int i = 2; i < SIZES; i++) {
        block = conform_grow(block, sizes[i]);
        block[sizes[i] - 1] = 'z';
    }
    printf("%s %c\n", block, block[sizes[SIZES - 1] - 1]);
    conform_free(block);
}

static void heap_library_grows(void)
{
    block_grow(malloc(6), "12345");
    block_grow(conform_block(6), "54321");
    block_grow(conform_grow(NULL, 6), "67890");
}

/* Each thread has an arena of its own, on both sides. */
static void *thread_run(void *argument)
{
    (void)argument;
    for (int i = 0; i < 50; i++) {
        blocks_free();
        free(conform_letters(100));
    }
    return NULL;
}

static void heap_threads(void)
{
    pthread_t threads[4];

    for (int i = 0; i < 4; i++) {
        pthread_create(&threads[i], NULL, thread_run, NULL);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
    }
    puts("joined");
}

static void at_exit(void)
{
    puts(", and the program's own exit");
}

static void heap_exit(void)
{
    setvbuf(stdout, NULL, _IOFBF, BUFSIZ);
    atexit(at_exit);
    printf("in the buffer");
    conform_exit(7);
    puts("not reached");
}

const struct test_case heap_cases[] = {
    {"heap_caller_frees", heap_caller_frees},
    {"heap_members_freed", heap_members_freed},
    {"heap_library_frees", heap_library_frees},
    {"heap_library_grows", heap_library_grows},
    {"heap_threads", heap_threads},
    {"heap_exit", heap_exit},
    {NULL, NULL},
};
