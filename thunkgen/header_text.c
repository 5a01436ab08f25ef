/* SPDX-License-Identifier: MIT */
#include "header_text.h"

#include <string.h>

/* One line of C that tells a constant's value, and whether it is a text. */
static void constant_add(struct arena *arena, struct arena_text *text,
                         size_t place, const char *constant)
{
    arena_text_add(
        arena, text,
        "enum { " HEADER_CONSTANT_PREFIX "%zu = "
        "_Generic((%s), char *: 0, default: (%s)), " HEADER_TEXT_PREFIX
        "%zu = _Generic((%s), char *: 1, default: 0) };\n",
        place, constant, constant, place, constant);
}

/* A text of the spec in one line: lines of the input stand for texts. */
static const char *line_of(struct arena *arena, const struct spec_text *from)
{
    char *line = from->text == NULL ? NULL : arena_strdup(arena, from->text);

    for (char *at = line; at != NULL && *at != '\0'; at++) {
        if (*at == '\n' || *at == '\r') {
            *at = ' ';
        }
    }
    return line;
}

/* The lines of the input behind the headers. */
static void spec_texts_add(struct arena *arena,
                           const struct header_input *input,
                           struct arena_text *text)
{
    for (size_t i = 0; i < input->n_c_types; i++) {
        const char *type = line_of(arena, &input->c_types[i]);
        const char *around = type == NULL ? NULL : strstr(type, "(*");
        const char *name = arena_printf(arena, HEADER_TYPE_PREFIX "%zu", i);

        if (type == NULL) {
            arena_text_add(arena, text, "\n");
        } else if (around == NULL) {
            arena_text_add(arena, text, "typedef %s %s;\n", type, name);
        } else {
            arena_text_add(arena, text, "typedef %.*s%s%s;\n",
                           (int)(around + 2 - type), type, name, around + 2);
        }
    }
    for (size_t i = 0; i < input->n_constants; i++) {
        if (input->constants[i].text == NULL) {
            arena_text_add(arena, text, "\n");
        } else {
            constant_add(arena, text, i, line_of(arena, &input->constants[i]));
        }
    }
}

/* It is included, and an end of it is declared. */
enum { LINES_OF_HEADER = 2 };

void header_text_write(struct arena *arena, const struct header_input *input,
                       struct arena_text *text)
{
    for (size_t i = 0; i < input->n_headers; i++) {
        arena_text_add(arena, text,
                       "#include <%s>\ntypedef int " HEADER_END "%zu;\n",
                       input->headers[i], i);
    }
    spec_texts_add(arena, input, text);
}

const struct spec_text *header_text_spec(const struct header_input *input,
                                         unsigned line, const char **what)
{
    const size_t n_lines = LINES_OF_HEADER * input->n_headers;
    size_t place = line - n_lines - 1;
    const struct spec_text *text;

    if (line <= n_lines || place >= input->n_c_types + input->n_constants) {
        return NULL;
    }
    *what = place < input->n_c_types ? "type" : "constant";
    text = place < input->n_c_types
               ? &input->c_types[place]
               : &input->constants[place - input->n_c_types];
    return text->text == NULL ? NULL : text; /* of one that was refused */
}

bool header_text_is_harmless(const char *error)
{
    return strncmp(error, "'regparm' is not valid", 22) == 0;
}

bool header_text_is_end(const struct header_input *input, unsigned line)
{
    return line <= LINES_OF_HEADER * input->n_headers &&
           line % LINES_OF_HEADER == 0;
}

struct location header_text_header(const struct header_input *input,
                                   unsigned line)
{
    size_t place = line == 0 ? 0 : (line - 1) / LINES_OF_HEADER;

    if (place >= input->n_headers) {
        place = input->n_headers - 1;
    }
    return (struct location){input->headers[place], 1, 1};
}
