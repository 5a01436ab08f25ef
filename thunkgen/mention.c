/* SPDX-License-Identifier: MIT */
#include "mention.h"

#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

/* From worse to better. */
enum rank { RANK_NONE, RANK_BESIDE, RANK_READ, RANK_CALL_BESIDE, RANK_CALL };

struct search {
    struct arena *arena;
    const struct mentions_input *input;
    struct mention *found; /* for each name */
    enum rank *ranks;
};

/* A place in a text. */
struct cursor {
    const char *at;
    const char *line_start;
    unsigned line;
};

static void cursor_step(struct cursor *cursor)
{
    if (*cursor->at++ == '\n') {
        cursor->line++;
        cursor->line_start = cursor->at;
    }
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* Past a comment, if one begins here. */
static bool comment_skip(struct cursor *cursor)
{
    const char *end;

    if (cursor->at[0] != '/' ||
        (cursor->at[1] != '/' && cursor->at[1] != '*')) {
        return false;
    }
    end = cursor->at[1] == '/' ? strchr(cursor->at, '\n')
                               : strstr(cursor->at + 2, "*/");
    if (end == NULL) {
        end = cursor->at + strlen(cursor->at);
    } else if (*end == '*') {
        end += 2;
    }
    while (cursor->at < end) {
        cursor_step(cursor);
    }
    return true;
}

/* Like bsearch() for a name that ends before `end`. */
static size_t name_find(const struct mentions_input *input, const char *name,
                        const char *end)
{
    size_t length = (size_t)(end - name);
    size_t first = 0, last = input->n_names;

    while (first < last) {
        size_t middle = (first + last) / 2;
        int order = strncmp(name, input->names[middle], length);

        if (order == 0 && input->names[middle][length] == '\0') {
            return middle;
        }
        if (order > 0) {
            first = middle + 1;
        } else {
            last = middle;
        }
    }
    return input->n_names;
}

static void word_take(struct search *search, const char *file,
                      const char *header, const struct cursor *start,
                      const char *end)
{
    size_t i = name_find(search->input, start->at, end);
    enum rank rank = header == NULL ? RANK_READ : RANK_BESIDE;

    if (i == search->input->n_names) {
        return;
    }
    if (end[strspn(end, " \t")] == '(') {
        rank = header == NULL ? RANK_CALL : RANK_CALL_BESIDE;
    }
    if (rank > search->ranks[i]) {
        search->ranks[i] = rank;
        search->found[i] = (struct mention){
            {file, start->line, (unsigned)(start->at - start->line_start) + 1},
            header,
        };
    }
}

static void text_search(struct search *search, const char *file,
                        const char *header, const char *text)
{
    struct cursor cursor = {text, text, 1};

    while (*cursor.at != '\0') {
        if (comment_skip(&cursor)) {
            continue;
        }
        if (is_word(*cursor.at)) {
            const char *end = cursor.at;

            while (is_word(*end)) {
                end++;
            }
            word_take(search, file, header, &cursor, end);
            cursor.at = end;
        } else {
            cursor_step(&cursor);
        }
    }
}

/* What cannot be read mentions nothing. */
static void file_search(struct search *search, const char *file,
                        const char *header)
{
    FILE *stream = fopen(file, "re");
    char *text = NULL;
    size_t size = 0;

    if (stream == NULL) {
        return;
    }
    if (getdelim(&text, &size, '\0', stream) > 0) {
        text_search(search, file, header, text);
    }
    free(text);
    fclose(stream);
}

static bool is_read(const struct mentions_input *input, const char *file)
{
    for (size_t i = 0; i < input->n_files; i++) {
        if (strcmp(input->files[i], file) == 0) {
            return true;
        }
    }
    return false;
}

static int is_header(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');

    return dot != NULL && strcmp(dot, ".h") == 0;
}

/* `file` is what `header` means, and others lie beside it. */
static void folder_search(struct search *search, const char *file,
                          const char *header)
{
    int folder_length = (int)(strrchr(file, '/') - file);
    const char *slash = strrchr(header, '/');
    int header_length = slash == NULL ? 0 : (int)(slash + 1 - header);
    struct dirent **entries;
    int count =
        scandir(arena_printf(search->arena, "%.*s/", folder_length, file),
                &entries, is_header, alphasort);

    for (int i = 0; i < count; i++) {
        const char *other = arena_printf(
            search->arena, "%.*s/%s", folder_length, file, entries[i]->d_name);

        if (!is_read(search->input, other)) {
            file_search(search, other,
                        arena_printf(search->arena, "%.*s%s", header_length,
                                     header, entries[i]->d_name));
        }
        free(entries[i]);
    }
    if (count >= 0) {
        free(entries);
    }
}

static bool path_ends(const char *path, const char *end)
{
    size_t length = strlen(path), end_length = strlen(end);

    return length > end_length && path[length - end_length - 1] == '/' &&
           strcmp(path + length - end_length, end) == 0;
}

const struct mention *mentions_find(struct arena *arena,
                                    const struct mentions_input *input)
{
    struct search search = {
        .arena = arena,
        .input = input,
        .found = arena_alloc(arena, input->n_names * sizeof(*search.found)),
        .ranks = arena_alloc(arena, input->n_names * sizeof(*search.ranks)),
    };

    for (size_t i = 0; i < input->n_files; i++) {
        file_search(&search, input->files[i], NULL);
    }
    for (size_t h = 0; h < input->n_headers; h++) {
        for (size_t i = 0; i < input->n_files; i++) {
            if (path_ends(input->files[i], input->headers[h])) {
                folder_search(&search, input->files[i], input->headers[h]);
                break;
            }
        }
    }
    return search.found;
}
