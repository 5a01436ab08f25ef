/* SPDX-License-Identifier: MIT
 *
 * malloc() and its family: "KIND NANOSECONDS" for each kind of use, of one
 * operation.
 * usage: heap [ROUNDS]
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SLOTS = 1024, THREADS = 8, GROWN = 2000 };

static long rounds = 1000000;
static void *volatile hidden;
static void *shared[SLOTS];

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static uint32_t next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1;
    return (uint32_t)(*state >> 33);
}

static long pair(void)
{
    for (long i = 0; i < rounds; i++) {
        hidden = malloc(100);
        free(hidden);
    }
    return rounds;
}

/* Blocks live a while, and most are small. */
static long mixed(void)
{
    static void *slots[SLOTS];
    uint64_t state = 1;

    for (long i = 0; i < rounds; i++) {
        void **slot = &slots[next(&state) % SLOTS];

        free(*slot);
        *slot = malloc(1 + next(&state) % (i % 50 == 0 ? 20000 : 300));
    }
    return rounds;
}

static long cleared(void)
{
    for (long i = 0; i < rounds / 4; i++) {
        hidden = calloc(16, 64);
        free(hidden);
    }
    return rounds / 4;
}

static long grown(void)
{
    char *block = NULL;

    for (size_t i = 1; i <= GROWN; i++) {
        block = realloc(block, i * 1000);
        memset(block + (i - 1) * 1000, 1, 1000);
    }
    free(block);
    return GROWN;
}

/* Larson's: threads free what others have allocated. */
static void *exchange(void *argument)
{
    uint64_t state = (uint64_t)(uintptr_t)argument;

    for (long i = 0; i < rounds / 4; i++) {
        free(__atomic_exchange_n(&shared[next(&state) % SLOTS],
                                 malloc(1 + next(&state) % 500),
                                 __ATOMIC_ACQ_REL));
    }
    return NULL;
}

static long exchanged(uintptr_t count)
{
    pthread_t threads[THREADS];

    for (uintptr_t i = 0; i < count; i++) {
        pthread_create(&threads[i], NULL, exchange, (void *)(i + 1));
    }
    for (uintptr_t i = 0; i < count; i++) {
        pthread_join(threads[i], NULL);
    }
    return rounds / 4 * (long)count;
}

static long exchanged_2(void)
{
    return exchanged(2);
}

static long exchanged_8(void)
{
    return exchanged(8);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *kind;
        long (*use)(void);
    } uses[] = {
        {"pair", pair},
        {"mixed", mixed},
        {"cleared", cleared},
        {"grown", grown},
        {"2-threads", exchanged_2},
        {"8-threads", exchanged_8},
    };

    if (argc > 1) {
        rounds = strtol(argv[1], NULL, 10);
    }
    for (size_t i = 0; i < sizeof(uses) / sizeof(*uses); i++) {
        const double start = now();
        const long count = uses[i].use();

        printf("%s %.1f\n", uses[i].kind, (now() - start) / (double)count);
    }
    return 0;
}
