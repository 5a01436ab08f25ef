/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdlib.h>
#include <unistd.h>

int unit_start(void **state)
{
    struct unit *unit = calloc(1, sizeof(*unit));

    assert_non_null(unit);
    unit->arena = arena_new();
    unit->diag = diag_new(unit->arena);
    snprintf(unit->folder, sizeof(unit->folder), "/tmp/thunkgen-unit-XXXXXX");
    assert_non_null(mkdtemp(unit->folder));
    assert_int_equal(chdir(unit->folder), 0);
    *state = unit;
    return 0;
}

int unit_end(void **state)
{
    struct unit *unit = *state;

    unit_run(arena_printf(unit->arena, "chmod -R u+w %s; rm -rf %s",
                          unit->folder, unit->folder));
    arena_free(unit->arena);
    free(unit);
    return 0;
}

const char *unit_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
    return name;
}

const char *unit_told(struct unit *unit)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    const char *told;

    diag_print(unit->diag, stream);
    fclose(stream);
    told = arena_strdup(unit->arena, text);
    free(text);
    return told;
}

void unit_run(const char *command)
{
    assert_int_equal(system(command), 0);
}
