/* SPDX-License-Identifier: MIT
 *
 * Prints what calls cost: NAME VALUE, nanoseconds if nothing else is said.
 * usage: bench-calls PLAIN ROUNDS MODE [KIND]
 *
 *   calls        one call of each kind
 *   nested       a callback in a callback in a ..., a level: NAME-DEPTH
 *   scale        calls a second on 2 threads over 1 thread: a ratio
 *   thread KIND  a thread's first call, and the memory that it takes
 *   only KIND    one call of that kind and nothing else: for a profile
 *
 * PLAIN is the host library of the plain scheme. One round of short runs goes
 * after another, and the median of each kind counts, so that a machine that is
 * busy for a while shows in no figure alone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kinds.h"
#include "plain.h"

enum { KINDS_MAX = 32, ROUNDS_MAX = 99 };

static double times[KINDS_MAX][ROUNDS_MAX];

static void measure(const struct kind *table, size_t count, int rounds)
{
    for (int round = -1; round < rounds; round++) { /* -1: to warm up */
        for (size_t i = 0; i < count; i++) {
            times[i][round < 0 ? 0 : round] = kind_measure(&table[i]);
        }
    }
}

static void calls_print(int rounds)
{
    measure(kinds, kind_count, rounds);
    for (size_t i = 0; i < kind_count; i++) {
        printf("%s %.2f\n", kinds[i].name, median(times[i], (size_t)rounds));
    }
}

static void nested_print(int rounds)
{
    for (nested_depth = 1; nested_depth <= 32; nested_depth *= 2) {
        measure(nested_kinds, nested_kind_count, rounds);
        for (size_t i = 0; i < nested_kind_count; i++) {
            printf("%s-%d %.2f\n", nested_kinds[i].name, nested_depth,
                   median(times[i], (size_t)rounds));
        }
    }
}

/* A round here is as long as a hundred elsewhere. */
static void only_print(const struct kind *kind, int rounds)
{
    double sum = 0;

    for (int round = 0; round < rounds * 100; round++) {
        sum += kind_measure(kind);
    }
    printf("%s %.2f\n", kind->name, sum / (rounds * 100));
}

static int usage(void)
{
    fputs("usage: bench-calls PLAIN ROUNDS calls | nested | scale | "
          "thread KIND | only KIND\n",
          stderr);
    return 2;
}

int main(int argc, char **argv)
{
    int rounds = argc > 2 ? atoi(argv[2]) : 0;
    const char *mode = argc > 3 ? argv[3] : "";
    const struct kind *kind = argc > 4 ? kind_find(argv[4]) : NULL;

    if (rounds < 1 || rounds > ROUNDS_MAX) {
        return usage();
    }
    if (!plain_open(argv[1])) {
        fprintf(stderr, "bench-calls: no plugin, or no host library %s\n",
                argv[1]);
        return 1;
    }
    if (strcmp(mode, "calls") == 0) {
        calls_print(rounds);
    } else if (strcmp(mode, "nested") == 0) {
        nested_print(rounds);
    } else if (strcmp(mode, "scale") == 0) {
        threads_scale(rounds);
    } else if (strcmp(mode, "thread") == 0 && kind != NULL) {
        threads_begin(kind);
    } else if (strcmp(mode, "only") == 0 && kind != NULL) {
        only_print(kind, rounds);
    } else {
        return usage();
    }
    return 0;
}
