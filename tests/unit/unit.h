/* SPDX-License-Identifier: MIT
 *
 * What the unit tests share: an arena and a diag for each test, files in a
 * folder that goes away after it, and diagnostics as one text.
 */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "diag.h"

struct unit {
    struct arena *arena;
    struct diag *diag;
    char folder[64]; /* the current folder while the test runs */
};

/* Setup and teardown of every test; *state is its struct unit. */
int unit_start(void **state);
int unit_end(void **state);

#define UNIT_TEST(function)                                                    \
    cmocka_unit_test_setup_teardown(function, unit_start, unit_end)

/* Writes a file below the test's folder; its name. */
const char *unit_file(const char *name, const char *text);

/* All that was told, as diag_print() writes it. */
const char *unit_told(struct unit *unit);

/* Runs a command line in the test's folder, which has to do well. */
void unit_run(const char *command);

#endif
