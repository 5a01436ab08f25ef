/* SPDX-License-Identifier: MIT
 *
 * Random values by each way that a thunk converts. What crosses is checked on
 * both sides against what it must be, which each works out by itself.
 *
 * THUNK_TEST_SEED: of the values; 1 by default.
 */
#include "both.h"

enum { ROUNDS = 6 };

/* The library's layout. */
static int side;
static int failures;
static uint64_t first_seed = 1;

/* `wrong` is what one of the two sides has counted. */
static void right(const char *what, int wrong)
{
    wrong += random_wrong + random_found();
    random_wrong = 0;
    if (wrong != 0) {
        fprintf(stderr, "%s: %d wrong, with THUNK_TEST_SEED=%llu\n", what,
                wrong, (unsigned long long)first_seed);
        failures++;
    }
}

#include "cases.h"
#include "fixed_program.c"

static void round_run(uint64_t seed, uint64_t by)
{
#define CASE(T) case_##T(seed++, by++);
    CASES(CASE)
    case_lists(seed);
    case_keys(seed);
    case_tokens(seed);
    case_variables(seed, by);
}

int main(void)
{
    const char *text = getenv("THUNK_TEST_SEED");

    fprintf(stderr, "side: %s\n", random_side());
    side = random_layout(MINE);
    if (text != NULL) {
        first_seed = strtoull(text, NULL, 0);
    }
    for (unsigned round = 0; round < ROUNDS; round++) {
        uint64_t seed = values_mix(first_seed * 1000 + round);

        round_run(seed, values_mix(seed));
        printf("round %u: %d wrong\n", round, failures);
    }
    return failures != 0;
}
