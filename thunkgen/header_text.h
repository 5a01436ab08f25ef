/* SPDX-License-Identifier: MIT
 *
 * What libclang is given to read: a source that includes the headers and,
 * behind them, has a line for each C text of the spec. So an error's line tells
 * whose it is.
 */
#ifndef THUNKGEN_HEADER_TEXT_H
#define THUNKGEN_HEADER_TEXT_H

#include "header.h"

/* The source's name; it exists in memory alone. */
#define HEADER_TEXT_NAME "thunkgen-input.c"

/* What comes before it, in memory likewise: gcc's name for binary128, which
 * clang does not have in C. All ABIs have that type, by one name or another. */
#define HEADER_FLOAT128    "_Float128"
#define HEADER_FLOATS_NAME "/thunkgen/floats.h"
#define HEADER_FLOATS                                                          \
    "#ifdef __SIZEOF_FLOAT128__\n"                                             \
    "typedef __float128 _Float128;\n"                                          \
    "#else\n"                                                                  \
    "typedef long double _Float128;\n"                                         \
    "#endif\n"

/* Names in it for what the spec says; the place in c_types or constants of
 * struct header_input stands behind them: typedefs, and enumerators for a
 * constant's value and for whether it is a text. */
#define HEADER_TYPE_PREFIX     "thunkgen_type_"
#define HEADER_CONSTANT_PREFIX "thunkgen_constant_"
#define HEADER_TEXT_PREFIX     "thunkgen_text_"

/* Typedefs, one behind each header, with its place. What a header leaves open
 * is an error there and not in the next one's first line. Where it is none of
 * the file's, a header has not ended: bodies of functions are skipped, and with
 * one that is open all that follows, which libclang does not tell. */
#define HEADER_END "thunkgen_end"

void header_text_write(struct arena *arena, const struct header_input *input,
                       struct arena_text *text);

/* The spec's text that a line stands for, and what it is ("type", "constant");
 * NULL for a line of another kind. */
const struct spec_text *header_text_spec(const struct header_input *input,
                                         unsigned line, const char **what);

/* Whether such an error of libclang's is none: 'regparm', which has no effect
 * on any ISA that there is, clang refuses for some of them; gcc warns. */
bool header_text_is_harmless(const char *error);

/* Whether a line is behind a header, and declares its end. */
bool header_text_is_end(const struct header_input *input, unsigned line);

/* The header that a line includes or ends; for a line behind them the last. */
struct location header_text_header(const struct header_input *input,
                                   unsigned line);

#endif
