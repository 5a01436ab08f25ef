/* SPDX-License-Identifier: MIT
 *
 * Calls what the library exports and its thunk does not carry. What the spec
 * omits is always the guest's; what no header declares works on the state of
 * the library that does the rest. With an argument: that is the guest's, too.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "forward.h"
#include "inside.h"

enum { THREADS = 8, ROUNDS = 100 };

int rate_old(int value);
int inside_old_first(int value);
__asm__(".symver rate_old, forward_own_rate@FORWARD_1");
__asm__(".symver inside_old_first, inside_old@FORWARD_1");
int inside_old(int value);

static pthread_barrier_t together;

/* All make the first call of the same functions. */
static void *counter(void *unused)
{
    char text[200];

    (void)unused;
    pthread_barrier_wait(&together);
    for (int i = 0; i < ROUNDS; i++) {
        if (forward_own_text(text, sizeof(text), "%d %s %g", i, "x", i / 4.0) <
            0) {
            abort();
        }
        (void)inside_sum(i, i, i, i, i, i, i, i, i, (float)i, i);
    }
    return NULL;
}

static void threads_run(void)
{
    pthread_t threads[THREADS];

    pthread_barrier_init(&together, NULL, THREADS);
    for (int i = 0; i < THREADS; i++) {
        if (pthread_create(&threads[i], NULL, counter, NULL) != 0) {
            abort();
        }
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    printf("%d threads\n", THREADS);
}

static int step(int value, void *context)
{
    return value * *(int *)context;
}

static int hook(int value)
{
    return value * 100;
}

#ifdef __x86_64__
/* The first call finds the function with all of the arguments in registers. */
__attribute__((target("avx"))) static double wide_call(void)
{
    const forward_wide a = {1, 2, 3, 4}, b = {5, 6, 7, 8};

    return forward_own_wide(a, b);
}

static double wide(void)
{
    return __builtin_cpu_supports("avx") ? wide_call() : 8541;
}
#else
static double wide(void)
{
    return 8541;
}
#endif

static void functions_call(void)
{
    struct forward_big big = {{1.5, 2.5, 3.5, 4.5, 5.5}, -6}, made;
    int factor = 3;
    char text[400];
    int length =
        forward_own(text, sizeof(text), 1, -2, 3, -4, 5.5F, 6.5, 7.5, 8.5, 9.5,
                    10.5, 11.5, 12.5, 13.5, 14.5, big, 15, -16);

    printf("%d: %s\n", length, text);
    made = forward_own_big(1.25, 77);
    printf("%g %g %g %g %g %ld\n", made.numbers[0], made.numbers[1],
           made.numbers[2], made.numbers[3], made.numbers[4], made.last);
    length = forward_own_text(text, sizeof(text), "%d %s %.2f %Lg %c", 42,
                              "words", 2.5, 1e300L * 10, 'z');
    printf("%d: %s\n", length, text);
    printf("wide: %g\n", wide());
    printf("rates: %d %d\n", forward_own_rate(1), rate_old(2));
    printf("old: %d %d\n", inside_old(1), inside_old_first(2));
    printf("sum: %ld\n", inside_sum(1, -2, 3, -4, 5, -6, 7, -8, 1.25, 2.5F, 3));
    printf("each: %d\n", inside_each(step, 5, &factor));
    printf("count: %d", inside_count(5));
    printf(" %d", forward_counted());
    printf(" %d", inside_count(-2));
    printf(" %d\n", forward_counted());
}

static void variables_use(void)
{
    printf("table: %d %d %d %d\n", inside_table[0], inside_table[1],
           inside_table[2], inside_table[3]);
    printf("text: %s, %s\n", inside_text, inside_name());
    inside_text = "a text of the program's";
    printf("text: %s\n", inside_name());
    printf("level: %d %d", inside_level, forward_level_get());
    inside_level = 21;
    printf(" %d\n", forward_level_get());
    printf("mode: %d %d", forward_mode, forward_own_mode());
    forward_mode = 23;
    printf(" %d\n", forward_own_mode());
    printf("words: %s %s %s\n", forward_words[0], forward_words[1],
           forward_words[2]);
    printf("hook: %d %d", inside_hook(1), inside_hook_call(2));
    inside_hook = hook;
    printf(" %d\n", inside_hook_call(3));
}

static void symbols_look_up(bool is_alone)
{
    void *handle = dlopen("libforward.so.1", RTLD_LAZY | RTLD_NOLOAD);
    int (*rate)(int value), (*count)(int by);
    int *depth = dlsym(handle, "inside_depth");

    *(void **)&rate = dlvsym(handle, "forward_own_rate", "FORWARD_1");
    *(void **)&count = dlsym(handle, "inside_count");
    printf("looked up: %d %s\n", rate == NULL ? 0 : rate(7),
           count == inside_count ? "the same" : "another");

    /* Only the host's library is told; see "Known limits" of the others. */
    printf("depth: %d %d", *depth, forward_depth_get());
    if (!is_alone) {
        *depth = 22;
    }
    printf(" %d\n", is_alone ? 22 : forward_depth_get());
}

int main(int count, char **arguments)
{
    (void)arguments;
    fprintf(stderr, "side: %s\n", forward_side());
    threads_run();
    functions_call();
    variables_use();
    symbols_look_up(count > 1);
    return 0;
}
