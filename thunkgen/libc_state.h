/* SPDX-License-Identifier: MIT
 *
 * What libc keeps for the whole process. In a thunked process libc is there
 * twice: the program has the guest's, libraries of the host have the host's. So
 * what one side sets there the other does not see, unless the runtime sees to
 * it. Which of it a library uses its imports tell.
 */
#ifndef THUNKGEN_LIBC_STATE_H
#define THUNKGEN_LIBC_STATE_H

#include <stdbool.h>

/* One kind of state. Lists of symbols end with NULL, or are NULL; a symbol may
 * belong to several kinds. They have the names that programs have for them,
 * without what a compiler makes of these (__printf_chk, __isoc99_scanf). */
struct libc_state {
    const char *name;    /* "time zone" */
    const char *meaning; /* for the program: a sentence, but for its form */

    /* Nothing sees to these. */
    const char *const *symbols;

    /* It matters in the library itself alone. */
    bool is_own;
};

/* What libc has under another name as well: programs may import either, and a
 * linker adds one to the other. The end has no name. */
struct libc_alias {
    const char *alias;
    const char *name; /* as in libc_states */
};

extern const struct libc_alias libc_aliases[];

/* Sorted by name. The end has no name. */
extern const struct libc_state libc_states[];

/* Not libc's, but found in the same way: what the library does not define,
 * though a program might, for it; where that has to be there, and where not. */
extern const struct libc_state libc_state_hooks;
extern const struct libc_state libc_state_undefined;

/* Whether a library is libc, or a part of it, or one that compilers bring
 * along, which has no state but what those that use it have. */
bool libc_state_is_system(const char *soname);

/* Whether a compiler makes that import in any library. */
bool libc_state_is_usual(const char *symbol);

#endif
