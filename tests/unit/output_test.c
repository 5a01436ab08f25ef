/* SPDX-License-Identifier: MIT */
#include "output.h"

#include <string.h>

#include "unit.h"

struct found {
    char names[256];
};

static void name_take(void *context, const char *start, size_t length)
{
    struct found *found = context;

    strncat(found->names, start, length);
    strcat(found->names, " ");
}

static void check(const char *text, bool of_macros, const char *wanted)
{
    struct found found = {""};

    output_identifiers(text, of_macros, name_take, &found);
    assert_string_equal(found.names, wanted);
}

static void identifiers(void **state)
{
    (void)state;
    check("", false, "");
    check("int a_1 = b[0x10u] + 1.5e3f; /* c \"d\" */ e", false,
          "int a_1 b e ");
    check("puts(\"f \\\" g\", 'h', '\\'');i", false, "puts i ");
    check("#include <j.h>\n  #define k l\nm #n\n", false, "m n ");
    check("/* o", false, "");
    check("\"p", false, "");
    check("\1f12\nq\n", false, "q ");
}

static void identifiers_of_macros(void **state)
{
    (void)state;
    check("a b;\n#define C(d, e) \\\n    f(d) /* g */\n#define H i\nj\n", true,
          "f d i ");
    check("#ifndef K_H\n#define K_H\n#endif\n", true, "");
    check("#define", true, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(identifiers),
        UNIT_TEST(identifiers_of_macros),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
