/* SPDX-License-Identifier: MIT
 *
 * Functions that are not called as the ABI has it, and types that compilers of
 * one ABI do not agree on. The model has them as clang
 * does; the library, the program and the thunk may be another's work.
 */
#include "planner.h"

#include <string.h>

/* Wider ones need processors that not every x86_64 is, so where they lie and
 * how they are passed depends on the options that each file was compiled with.
 */
enum { VECTOR_MAX = 16 };

struct walk {
    struct planner *planner;
    struct location where;
    size_t *visited; /* indexes of records */
    size_t n_visited;
};

static bool type_walk(struct walk *walk, const struct type *type);

static bool doubt(struct walk *walk, const char *check, const char *what)
{
    const struct location declared = walk->planner->function->where;

    planner_refuse(walk->planner, check, what);
    if (walk->where.line != declared.line ||
        strcmp(walk->where.file, declared.file) != 0) {
        diag_note(walk->planner->diag, walk->where, "decided here");
    }
    return false;
}

static bool record_walk(struct walk *walk, const struct record *record)
{
    struct planner *planner = walk->planner;
    struct location outside = walk->where;

    if (planner->is_agreed[record->index]) {
        return true;
    }
    planner->is_agreed[record->index] = true;
    *ARENA_APPEND(planner->arena, walk->visited, walk->n_visited) =
        record->index;
    for (size_t i = 0; i < record->n_fields; i++) {
        const struct field *field = &record->fields[i];

        walk->where = field->where;
        if (field->width >= 0 && field->has_alignment) {
            return doubt(walk, "compiler",
                         arena_printf(planner->arena,
                                      "reaches a bit-field with an alignment "
                                      "of its own, '%s', which gcc and clang "
                                      "put into different places",
                                      field->name));
        }
        if (!type_walk(walk, field->type)) {
            return false;
        }
    }
    walk->where = outside;
    return true;
}

/* Registers that hold arguments elsewhere than they are looked for would be
 * taken without a word. */
static bool convention_check(struct walk *walk, const struct type *type)
{
    const char *convention = type_convention(type);

    return convention == NULL ||
           doubt(
               walk, "convention",
               arena_printf(walk->planner->arena,
                            "%s, which thunkgen cannot carry over yet",
                            type == walk->planner->function->type
                                ? arena_printf(walk->planner->arena,
                                               "has the attribute '%s', by "
                                               "which it is called in another "
                                               "way than the ABI's",
                                               convention)
                                : arena_printf(walk->planner->arena,
                                               "reaches a function with the "
                                               "attribute '%s', by which it "
                                               "is called in another way "
                                               "than the ABI's",
                                               convention)));
}

static bool type_walk(struct walk *walk, const struct type *type)
{
    if (!convention_check(walk, type)) {
        return false;
    }
    type = type_resolve(type);
    switch (type->kind) {
    case TYPE_POINTER:
    case TYPE_ARRAY:
        return type_walk(walk, type->target);
    case TYPE_FUNCTION:
        for (size_t i = 0; i < type->n_parameters; i++) {
            if (!type_walk(walk, type->parameters[i].type)) {
                return false;
            }
        }
        return type_walk(walk, type->target);
    case TYPE_RECORD:
        return record_walk(walk, type->record);
    case TYPE_VECTOR:
        return type->size <= VECTOR_MAX ||
               doubt(walk, "compiler",
                     arena_printf(walk->planner->arena,
                                  "reaches a vector of %llu bytes: what is "
                                  "larger than %d the compiler's options put "
                                  "into different places",
                                  (unsigned long long)type->size, VECTOR_MAX));
    default:
        return true;
    }
}

void planner_compiler_check(struct planner *planner)
{
    struct walk walk = {.planner = planner, .where = planner->function->where};

    if (!type_walk(&walk, planner->function->type)) {
        /* The next function that reaches one of them has the same error. */
        for (size_t i = 0; i < walk.n_visited; i++) {
            planner->is_agreed[walk.visited[i]] = false;
        }
    }
}
