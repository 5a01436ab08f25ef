/* SPDX-License-Identifier: MIT
 * Memory of the program's that the library reads, and what it keeps. */
#include "cases.h"
#include "conform.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static long enter(void *context, long value)
{
    (void)context;
    return value + 1;
}

static long leave(void *context, long value)
{
    (void)context;
    return value + 2;
}

/* In memory that nobody can write. */
static const struct conform_hooks constant = {enter, leave, NULL};

static void const_table(void)
{
    struct conform_hooks *page =
        mmap(NULL, sizeof(*page), PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    *page = constant;
    mprotect(page, sizeof(*page), PROT_READ);
    printf("%ld\n", conform_by_pointer(&constant, 1));
    printf("%ld\n", conform_by_pointer(page, 1));
}

/* What the program finds in its struct is what it has put there. */
static void struct_read_again(void)
{
    struct conform_nest nest = {.value = 1,
                                .inner = {{enter, leave, NULL}, {enter}}};
    struct conform_nest copy;

    memcpy(&copy, &nest, sizeof(copy));
    printf("%ld\n", conform_nested(&nest));
    printf("%d\n", memcmp(&copy, &nest, sizeof(copy)) == 0);
    nest.inner.hooks.enter = leave;
    printf("%ld\n", conform_nested(&nest));
}

static struct conform_hooks shared = {enter, leave, NULL};

static void *shared_use(void *unused)
{
    long wrong = 0;

    (void)unused;
    for (long i = 0; i < 2000; i++) {
        long result = conform_by_pointer(&shared, i);

        /* enter is one or the other; leave is always there */
        wrong +=
            result != i + 1 + 10 * (i + 2) && result != i + 2 + 10 * (i + 2);
        wrong += shared.leave != leave;
        wrong += shared.enter != enter && shared.enter != leave;
    }
    return (void *)wrong;
}

static void struct_shared(void)
{
    pthread_t threads[2];

    for (int i = 0; i < 2; i++) {
        pthread_create(&threads[i], NULL, shared_use, NULL);
    }
    for (int i = 0; i < 1000; i++) {
        __atomic_store_n(&shared.enter, i % 2 == 0 ? leave : enter,
                         __ATOMIC_RELAXED);
    }
    for (int i = 0; i < 2; i++) {
        void *wrong;

        pthread_join(threads[i], &wrong);
        printf("%ld\n", (long)wrong);
    }
}

/* ---- what is kept ---- */

struct source {
    const char *text;
    long place;
    bool is_closed;
};

static long source_read(void *context, char *to, long size)
{
    struct source *source = context;
    long length = (long)strlen(source->text + source->place);

    length = length < size ? length : size;
    memcpy(to, source->text + source->place, (size_t)length);
    source->place += length;
    return length;
}

static int source_seek(void *context, long to)
{
    struct source *source = context;

    source->place = to;
    return to > (long)strlen(source->text) ? -1 : 0;
}

static void source_close(void *context)
{
    struct source *source = context;

    source->is_closed = true;
    printf("closed\n");
}

static const struct conform_operations operations = {source_read, source_seek,
                                                     source_close};

static void table_kept(void)
{
    struct source source = {.text = "The quick brown fox jumps over it"};
    struct conform_stream *stream = conform_open(&operations, &source);

    printf("%ld\n", conform_sum(stream, 0));
    printf("%ld\n", conform_sum(stream, 10));
    printf("%ld\n", conform_sum(stream, 100));
    conform_close(stream);
    printf("%d\n", source.is_closed);
}

/* The program frees its table at once. */
static void table_copied(void)
{
    struct source source = {.text = "jumps over the lazy dog"};
    struct conform_operations *own = malloc(sizeof(*own));
    struct conform_stream *stream;

    *own = operations;
    stream = conform_open_copy(own, &source);
    memset(own, 0xff, sizeof(*own));
    free(own);
    printf("%ld\n", conform_sum(stream, 0));
    conform_close(stream);
}

static void table_with_holes(void)
{
    const struct conform_operations holes = {.read = source_read};
    struct source source = {.text = "text"};
    struct conform_stream *stream = conform_open(&holes, &source);

    printf("%ld\n", conform_sum(stream, 0));
    conform_close(stream);
    printf("%d\n", source.is_closed);
}

static long closed_late(void *context, long value)
{
    printf("late: %s %ld\n", (const char *)context, value);
    return 0;
}

/* Called after what it was given with is gone. */
static void owner_freed(void)
{
    struct source source = {.text = "text"};
    struct conform_stream *first = conform_open(&operations, &source);
    struct conform_stream *second = conform_open(&operations, &source);

    conform_on_close(closed_late, "owner");
    conform_close(first);
    conform_close(second);
    conform_on_close(NULL, NULL);
}

const struct test_case kept_cases[] = {
    {"const_table", const_table},     {"struct_read_again", struct_read_again},
    {"struct_shared", struct_shared}, {"table_kept", table_kept},
    {"table_copied", table_copied},   {"table_with_holes", table_with_holes},
    {"owner_freed", owner_freed},     {NULL, NULL},
};
