/* SPDX-License-Identifier: MIT
 * Its part of program.c. */

static int list_as_list(uint64_t seed, unsigned count, ...)
{
    va_list list;
    int wrong;

    va_start(list, count);
    wrong = list_counted_list(seed, MINE, count, list);
    va_end(list);
    return wrong;
}

static int keys_as_list(uint64_t seed, ...)
{
    va_list list;
    int wrong;

    va_start(list, seed);
    wrong = list_keys_list(seed, MINE, list);
    va_end(list);
    return wrong;
}

static int by_as_list(uint64_t seed, int key, ...)
{
    va_list list;
    int wrong;

    va_start(list, key);
    wrong = list_by_list(seed, MINE, key, list);
    va_end(list);
    return wrong;
}

static int program_visit(long value, uint64_t seed)
{
    return value != (long)random_low(seed, 0);
}

/* Four arguments of a list, from that place on. */
#define FOUR(place)                                                            \
    (int)random_low(seed, place), random_double(seed, (place) + 1),            \
        random_number(seed, (place) + 2), random_low(seed, (place) + 3)
#define LONG(place) ((long)random_low(seed, place) | 1)

static void case_lists(uint64_t seed)
{
    struct random_record record = {(int)random_low(seed, 0),
                                   random_number(seed, 1)};

    right("list, counted",
          list_counted(seed, MINE, 3, FOUR(0), FOUR(4), FOUR(8)));
    right("list, none", list_counted(seed, MINE, 0));
    right("list, as a list",
          list_as_list(seed, 4, FOUR(0), FOUR(4), FOUR(8), FOUR(12)));
    right("list, ended",
          list_ended(seed, MINE, LONG(0), LONG(1), LONG(2), LONG(3), LONG(4),
                     LONG(5), LONG(6), LONG(7), 0L));
    right("list, by long",
          list_by(seed, MINE, RANDOM_KEY_LONG, random_low(seed, 0)));
    right("list, by double",
          list_by(seed, MINE, RANDOM_KEY_DOUBLE, random_double(seed, 0)));
    right("list, by long double",
          list_by(seed, MINE, RANDOM_KEY_WIDE, random_number(seed, 0)));
    right("list, by several",
          list_by(seed, MINE, RANDOM_KEY_MIXED, (unsigned)random_low(seed, 0),
                  random_number(seed, 1), (void *)random_low(seed, 2),
                  random_double(seed, 3)));
    right("list, by record", list_by(seed, MINE, RANDOM_KEY_RECORD, record));
    right("list, by function", list_by(seed, MINE, RANDOM_KEY_CALL,
                                       program_visit, random_low(seed, 0)));
    right("list, as a list by several",
          by_as_list(seed, RANDOM_KEY_MIXED, (unsigned)random_low(seed, 0),
                     random_number(seed, 1), (void *)random_low(seed, 2),
                     random_double(seed, 3)));
}

/* A key and its values; each is of a seed one more. */
#define KEY_LONG(n)   RANDOM_KEY_LONG, random_low(seed + (n), 0)
#define KEY_DOUBLE(n) RANDOM_KEY_DOUBLE, random_double(seed + (n), 0)
#define KEY_WIDE(n)   RANDOM_KEY_WIDE, random_number(seed + (n), 0)
#define KEY_CALL(n)   RANDOM_KEY_CALL, program_visit, random_low(seed + (n), 0)
#define KEY_MIXED(n)                                                           \
    RANDOM_KEY_MIXED, (unsigned)random_low(seed + (n), 0),                     \
        random_number(seed + (n), 1), (void *)random_low(seed + (n), 2),       \
        random_double(seed + (n), 3)

static void case_keys(uint64_t seed)
{
    right("keys",
          list_keys(seed, MINE, KEY_WIDE(0), KEY_LONG(1), KEY_MIXED(2),
                    KEY_DOUBLE(3), KEY_CALL(4), KEY_WIDE(5), RANDOM_KEY_END));
    right("keys, none", list_keys(seed, MINE, RANDOM_KEY_END));
    right("keys, as a list",
          keys_as_list(seed, KEY_MIXED(0), KEY_DOUBLE(1), KEY_WIDE(2),
                       KEY_CALL(3), KEY_MIXED(4), KEY_LONG(5), RANDOM_KEY_END));
}

static token token_visited(token one, uint64_t seed)
{
    random_wrong += one != random_low(seed, 0);
    return random_low(seed, 1);
}

static void case_tokens(uint64_t seed)
{
    struct tokens tokens = {(int)random_low(seed, 0), random_low(seed, 1),
                            random_low(seed, 2)};

    right("token",
          token_turn(random_low(seed, 0), (int)random_low(seed, 1),
                     random_low(seed, 2), seed) != random_low(seed, 3));
    right("token, behind", token_behind(&tokens, seed));
    right("token, left", tokens.of != random_low(seed, 1));
    right("token, called", token_call(token_visited, seed));
}

static void visit_variables(uint64_t seed, uint64_t by)
{
    random_wrong += variables_wrong(seed);
    variables_make(by);
}

static void case_variables(uint64_t seed, uint64_t by)
{
    variables_make(seed);
    right("variables", variables_turn(seed, by));
    right("variables, written", variables_wrong(by));
    variables_make(seed);
    right("variables, called", variables_call(visit_variables, seed, by));
    right("variables, after", variables_wrong(by));
}
