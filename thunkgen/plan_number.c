/* SPDX-License-Identifier: MIT
 *
 * Numbers whose format differs between host and a guest, long doubles: where
 * they lie in what crosses by value. The host converts them there.
 */
#include <string.h>

#include "planner.h"

static void number_add(struct planner *planner, struct plan_numbers *to,
                       const char *path, uint64_t count)
{
    struct plan_number *number =
        ARENA_APPEND(planner->arena, to->items, to->n_items);

    number->path = path;
    number->count = count;
}

static uint64_t elements(const struct type *type)
{
    uint64_t count = 1;

    for (type = type_resolve(type); type->kind == TYPE_ARRAY;
         type = type_resolve(type->target)) {
        count *= type->count;
    }
    return count;
}

static const struct type *element(const struct type *type)
{
    type = type_resolve(type);
    while (type->kind == TYPE_ARRAY) {
        type = type_resolve(type->target);
    }
    return type;
}

/* A union with one in it has been refused. */
static void numbers_find(struct planner *planner, const struct type *type,
                         const char *path, struct plan_numbers *to)
{
    const struct type *inner = element(type);
    uint64_t count = elements(type);

    if (type_is_long_double(inner)) {
        number_add(planner, to, path, count);
    } else if (inner->kind == TYPE_COMPLEX &&
               type_is_long_double(inner->target)) {
        number_add(planner, to, path, 2 * count);
    } else if (inner->kind == TYPE_RECORD && !inner->record->is_union) {
        type = type_resolve(type);
        for (uint64_t i = 0; type->kind == TYPE_ARRAY && i < type->count; i++) {
            numbers_find(planner, type->target,
                         arena_printf(planner->arena, "%s[%llu]", path,
                                      (unsigned long long)i),
                         to);
        }
        for (size_t i = 0;
             type->kind == TYPE_RECORD && i < type->record->n_fields; i++) {
            const struct field *field = &type->record->fields[i];

            numbers_find(
                planner, field->type,
                field->name[0] == '\0'
                    ? path
                    : arena_printf(planner->arena, "%s.%s", path, field->name),
                to);
        }
    }
}

bool planner_has_long_double(const struct type *type)
{
    type = element(type);
    for (size_t i = 0; type->kind == TYPE_RECORD && i < type->record->n_fields;
         i++) {
        if (planner_has_long_double(type->record->fields[i].type)) {
            return true;
        }
    }
    return type_is_long_double(type) ||
           (type->kind == TYPE_COMPLEX && type_is_long_double(type->target));
}

struct plan_numbers planner_numbers(struct planner *planner,
                                    const struct type *type)
{
    struct plan_numbers found = {NULL, 0};

    for (size_t i = 1; i < planner->input->n_models; i++) {
        if (planner->input->models[i].has_x87 !=
            planner->input->models[0].has_x87) {
            numbers_find(planner, type, "", &found);
            break;
        }
    }
    return found;
}
