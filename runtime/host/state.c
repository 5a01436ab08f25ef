/* SPDX-License-Identifier: MIT
 *
 * What libc keeps from one call to the next, and a library natively shares with
 * the program: where getopt() is, and the random numbers that the program has
 * seeded. It is the guest's, so the guest is asked; but for a function that
 * cannot wait for it (a leaf), and in threads without one.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host.h"
#include "program.h"

/* ---- options; the variables are among the imports ---- */

static int option_get(int count, char *const *arguments, const char *letters)
{
    static struct thunk_procedure guest = {"getopt", NULL};
    struct thunk_program_frame frame = {
        .arguments = {(uint64_t)count, THUNK_WORD(arguments),
                      THUNK_WORD(letters)},
    };

    return thunk_host_program_try(&guest, &frame)
               ? (int)frame.result.integer
               : getopt(count, arguments, letters);
}

static int option_get_long(int count, char *const *arguments,
                           const char *letters, const struct option *words,
                           int *word)
{
    static struct thunk_procedure guest = {"getopt_long", NULL};
    struct thunk_program_frame frame = {
        .arguments = {(uint64_t)count, THUNK_WORD(arguments),
                      THUNK_WORD(letters), THUNK_WORD(words), THUNK_WORD(word)},
    };

    return thunk_host_program_try(&guest, &frame)
               ? (int)frame.result.integer
               : getopt_long(count, arguments, letters, words, word);
}

static int option_get_long_only(int count, char *const *arguments,
                                const char *letters, const struct option *words,
                                int *word)
{
    static struct thunk_procedure guest = {"getopt_long_only", NULL};
    struct thunk_program_frame frame = {
        .arguments = {(uint64_t)count, THUNK_WORD(arguments),
                      THUNK_WORD(letters), THUNK_WORD(words), THUNK_WORD(word)},
    };

    return thunk_host_program_try(&guest, &frame)
               ? (int)frame.result.integer
               : getopt_long_only(count, arguments, letters, words, word);
}

/* ---- random numbers ---- */

static int number_rand(void)
{
    static struct thunk_procedure guest = {"rand", NULL};
    struct thunk_program_frame frame = {0};

    return thunk_host_program_try(&guest, &frame) ? (int)frame.result.integer
                                                  : rand();
}

static long number_random(void)
{
    static struct thunk_procedure guest = {"random", NULL};
    struct thunk_program_frame frame = {0};

    return thunk_host_program_try(&guest, &frame) ? frame.result.integer
                                                  : random();
}

static void number_rand_seed(unsigned seed)
{
    static struct thunk_procedure guest = {"srand", NULL};
    struct thunk_program_frame frame = {.arguments = {seed}};

    if (!thunk_host_program_try(&guest, &frame)) {
        srand(seed);
    }
}

static void number_random_seed(unsigned seed)
{
    static struct thunk_procedure guest = {"srandom", NULL};
    struct thunk_program_frame frame = {.arguments = {seed}};

    if (!thunk_host_program_try(&guest, &frame)) {
        srandom(seed);
    }
}

static char *number_state_begin(unsigned seed, char *state, size_t size)
{
    static struct thunk_procedure guest = {"initstate", NULL};
    struct thunk_program_frame frame = {
        .arguments = {seed, THUNK_WORD(state), size},
    };

    return thunk_host_program_try(&guest, &frame)
               ? frame.result.pointer
               : initstate(seed, state, size);
}

static char *number_state_set(char *state)
{
    static struct thunk_procedure guest = {"setstate", NULL};
    struct thunk_program_frame frame = {.arguments = {THUNK_WORD(state)}};

    return thunk_host_program_try(&guest, &frame) ? frame.result.pointer
                                                  : setstate(state);
}

static double number_drand48(void)
{
    static struct thunk_procedure guest = {"drand48", NULL};
    struct thunk_program_frame frame = {.kind = THUNK_PROGRAM_DOUBLE};

    return thunk_host_program_try(&guest, &frame) ? frame.result.real
                                                  : drand48();
}

static long number_lrand48(void)
{
    static struct thunk_procedure guest = {"lrand48", NULL};
    struct thunk_program_frame frame = {0};

    return thunk_host_program_try(&guest, &frame) ? frame.result.integer
                                                  : lrand48();
}

static long number_mrand48(void)
{
    static struct thunk_procedure guest = {"mrand48", NULL};
    struct thunk_program_frame frame = {0};

    return thunk_host_program_try(&guest, &frame) ? frame.result.integer
                                                  : mrand48();
}

static void number_rand48_seed(long seed)
{
    static struct thunk_procedure guest = {"srand48", NULL};
    struct thunk_program_frame frame = {.arguments = {(uint64_t)seed}};

    if (!thunk_host_program_try(&guest, &frame)) {
        srand48(seed);
    }
}

/* The block that it gives is libc's own, of either side. */
static unsigned short *number_rand48_set(unsigned short numbers[3])
{
    static struct thunk_procedure guest = {"seed48", NULL};
    struct thunk_program_frame frame = {.arguments = {THUNK_WORD(numbers)}};

    return thunk_host_program_try(&guest, &frame) ? frame.result.pointer
                                                  : seed48(numbers);
}

static void number_rand48_begin(unsigned short numbers[7])
{
    static struct thunk_procedure guest = {"lcong48", NULL};
    struct thunk_program_frame frame = {.arguments = {THUNK_WORD(numbers)}};

    if (!thunk_host_program_try(&guest, &frame)) {
        lcong48(numbers);
    }
}

/* ---- all ---- */

struct thunk_imports
thunk_host_state_imports(const struct thunk_attachment *attachment)
{
    enum { COUNT = 19 };
    static struct thunk_import imports[COUNT];
    void *const *variables = attachment->variables;
    const struct thunk_import made[COUNT] = {
        {"drand48", (thunk_function)number_drand48},
        {"getopt", (thunk_function)option_get},
        {"getopt_long", (thunk_function)option_get_long},
        {"getopt_long_only", (thunk_function)option_get_long_only},
        {"initstate", (thunk_function)number_state_begin},
        {"lcong48", (thunk_function)number_rand48_begin},
        {"lrand48", (thunk_function)number_lrand48},
        {"mrand48", (thunk_function)number_mrand48},
        {"optarg",
         (thunk_function)(uintptr_t)variables[THUNK_VARIABLE_ARGUMENT]},
        {"opterr", (thunk_function)(uintptr_t)variables[THUNK_VARIABLE_ERRORS]},
        {"optind", (thunk_function)(uintptr_t)variables[THUNK_VARIABLE_NEXT]},
        {"optopt", (thunk_function)(uintptr_t)variables[THUNK_VARIABLE_OPTION]},
        {"rand", (thunk_function)number_rand},
        {"random", (thunk_function)number_random},
        {"seed48", (thunk_function)number_rand48_set},
        {"setstate", (thunk_function)number_state_set},
        {"srand", (thunk_function)number_rand_seed},
        {"srand48", (thunk_function)number_rand48_seed},
        {"srandom", (thunk_function)number_random_seed},
    };

    memcpy(imports, made, sizeof(made));
    return (struct thunk_imports){imports, COUNT};
}
