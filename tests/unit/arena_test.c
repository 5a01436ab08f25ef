/* SPDX-License-Identifier: MIT */
#include "unit.h"

static void memory_is_zeroed_and_aligned(void **state)
{
    struct unit *unit = *state;

    for (size_t size = 1; size < 200000; size = size * 3 + 1) {
        char *memory = arena_alloc(unit->arena, size);

        assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++) {
            assert_int_equal(memory[i], 0);
        }
        memset(memory, 0xff, size);
    }
}

static void texts(void **state)
{
    struct unit *unit = *state;
    char original[] = "one";
    char *copy = arena_strdup(unit->arena, original);

    original[0] = 'x';
    assert_string_equal(copy, "one");
    assert_string_equal(arena_printf(unit->arena, "%s-%d", copy, 2), "one-2");
    assert_string_equal(arena_strdup(unit->arena, ""), "");
}

static void append_keeps_all(void **state)
{
    struct unit *unit = *state;
    uint64_t *numbers = NULL;
    size_t n_numbers = 0;

    for (uint64_t i = 0; i < 10000; i++) {
        uint64_t *added = ARENA_APPEND(unit->arena, numbers, n_numbers);

        assert_int_equal(*added, 0);
        *added = i;
    }
    assert_int_equal(n_numbers, 10000);
    for (uint64_t i = 0; i < 10000; i++) {
        assert_int_equal(numbers[i], i);
    }
}

static void text_grows(void **state)
{
    struct unit *unit = *state;
    struct arena_text text = {0};

    assert_string_equal(arena_text_get(&text), "");
    arena_text_add(unit->arena, &text, "%s", "");
    assert_string_equal(arena_text_get(&text), "");
    for (int i = 0; i < 1000; i++) {
        arena_text_add(unit->arena, &text, "%03d,", i);
    }
    assert_int_equal(text.length, 4000);
    assert_int_equal(strlen(arena_text_get(&text)), 4000);
    assert_memory_equal(arena_text_get(&text), "000,001,002,", 12);
    assert_string_equal(arena_text_get(&text) + 3992, "998,999,");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(memory_is_zeroed_and_aligned),
        UNIT_TEST(texts),
        UNIT_TEST(append_keeps_all),
        UNIT_TEST(text_grows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
