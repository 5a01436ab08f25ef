/* SPDX-License-Identifier: MIT
 *
 * Where headers mention a name that they do not declare: behind a condition
 * that does not hold, or in a header that was not given. For a word of help
 * beside an error; headers are looked at as text.
 */
#ifndef THUNKGEN_MENTION_H
#define THUNKGEN_MENTION_H

#include "diag.h"

struct mention {
    struct location where;
    const char *header; /* as --header takes it; NULL: it was read */
};

struct mentions_input {
    const char *const *files; /* that were read */
    size_t n_files;
    const char *const *headers; /* as #include <...> takes them: what lies */
    size_t n_headers;           /* beside these is looked at as well */
    const char *const *names;   /* sorted */
    size_t n_names;
};

/* One mention for each name: where it looks like a function's declaration,
 * rather in a file that was read; `where.file` is NULL where there is none. */
const struct mention *mentions_find(struct arena *arena,
                                    const struct mentions_input *input);

#endif
