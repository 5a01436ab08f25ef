/* SPDX-License-Identifier: MIT
 *
 * One member of a type whose layout differs: its kind, where each ISA has it,
 * and what the spec tells of what it leads to.
 */
#include <string.h>

#include "expression.h"
#include "plan_shape.h"

/* Numbers in a row, as long as nothing but the first dimension differs. */
static bool rows_open(struct shaper *shaper, struct abis *abis,
                      uint64_t counts[ISA_COUNT], bool *is_flexible)
{
    unsigned host = shape_host(shaper->planner);
    bool is_first = true;

    *is_flexible = false;
    for (unsigned i = 0; i < ISA_COUNT; i++) {
        counts[i] = 1;
    }
    while (abis->types[host]->kind == TYPE_ARRAY) {
        if (!abis_agree(abis, abis->types[host]) ||
            abis->types[host]->is_variable) {
            return false;
        }
        for (unsigned i = 0; i < ISA_COUNT; i++) {
            const struct type *type = abis->types[i];

            if (type == NULL) {
                continue;
            }
            if (!is_first && type->count != abis->types[host]->count) {
                return false;
            }
            *is_flexible |= type->count == 0;
            counts[i] *= type->count;
        }
        *abis = abis_target(abis);
        *abis = abis_resolve(abis);
        is_first = false;
    }
    for (unsigned i = 0; *is_flexible && i < ISA_COUNT; i++) {
        if (counts[i] != 0 && abis->types[i] != NULL) {
            return false; /* only for some */
        }
    }
    return abis_agree(abis, abis->types[host]);
}

static enum shape_sign sign_of(const struct type *type)
{
    return type->name != NULL && strcmp(type->name, "_Bool") == 0 ? SHAPE_BOOL
           : type->is_signed                                      ? SHAPE_SIGNED
                             : SHAPE_UNSIGNED;
}

/* The kind of what is no record and no pointer. */
bool shape_number(struct shaper *shaper, const struct abis *abis,
                  struct plan_shape_member *member)
{
    const struct type *host = abis->types[shape_host(shaper->planner)];
    bool is_long_double = true;

    if (shape_is_integer(host)) {
        member->kind = SHAPE_INTEGER;
        for (unsigned i = 0; i < ISA_COUNT; i++) {
            if (abis->types[i] != NULL && abis->types[i]->size > 8) {
                return false;
            }
        }
        return true;
    }
    for (unsigned i = 0; i < ISA_COUNT; i++) {
        const struct type *type = abis->types[i];

        if (type != NULL && type->kind == TYPE_COMPLEX) {
            type = type_resolve(type->target);
        }
        is_long_double &= type == NULL || type_is_long_double(type);
    }
    member->kind = SHAPE_LONG_DOUBLE;
    return is_long_double;
}

const char *shape_identifier(struct shaper *shaper, const char *name)
{
    const struct plan *plan = shaper->planner->plan;

    name = planner_identifier(shaper->planner, name);
    for (size_t i = 0; i < plan->n_shapes; i++) {
        if (strcmp(plan->shapes[i]->name, name) == 0) {
            name = arena_printf(shaper->planner->arena, "%s_", name);
            i = (size_t)-1; /* once more */
        }
    }
    return name;
}

struct plan_counter *shape_counter(struct shaper *shaper,
                                   const struct plan_shape *shape,
                                   const char *what, const char *member)
{
    struct planner *planner = shaper->planner;
    struct plan_counter *counter =
        arena_alloc(planner->arena, sizeof(*counter));

    counter->name =
        arena_printf(planner->arena, "%s_%s_%s", what, shape->name, member);
    *ARENA_APPEND(planner->arena, planner->plan->counters,
                  planner->plan->n_counters) = counter;
    return counter;
}

struct siblings {
    struct planner *planner;
    const struct spec_text *text;
    const struct record *record;
    bool is_used;
};

/* A member of the record as a number of elements. */
static const char *sibling_name(void *context, const char *name, bool is_place)
{
    struct siblings *siblings = context;
    struct planner *planner = siblings->planner;
    const struct record *record = siblings->record;

    siblings->is_used = true;
    for (size_t i = 0; i < record->n_fields; i++) {
        const struct type *type = type_resolve(record->fields[i].type);

        if (strcmp(record->fields[i].name, name) == 0 && !is_place &&
            shape_is_integer(type) && type->size <= 8) {
            return type->is_signed
                       ? arena_printf(planner->arena, "value->%s", name)
                       : arena_printf(planner->arena, "thunk_count(value->%s)",
                                      name);
        }
    }
    diag_error(planner->diag, siblings->text->where, "spec-length",
               "'%s' has no integer '%s%s': write a number, members that are "
               "integers, what is computed of them, or 'terminated'",
               record->name, is_place ? "*" : "", name);
    diag_note(planner->diag, record->where, "it is declared here");
    return NULL;
}

const struct spec_pair *planner_length(const struct spec_pair *pairs,
                                       size_t n_pairs, const char *name)
{
    for (size_t i = 0; i < n_pairs; i++) {
        if (strcmp(pairs[i].name.text, name) == 0) {
            return &pairs[i];
        }
    }
    return NULL;
}

/* What tells how many elements a member has, by the spec. NULL: a doubt, or an
 * error was told. */
static const struct plan_counter *length_plan(struct shaper *shaper,
                                              const struct record *record,
                                              const struct plan_shape *shape,
                                              const char *member,
                                              const char *of_what)
{
    struct planner *planner = shaper->planner;
    const struct spec_type *spec = planner_spec_record(planner, record);
    const struct spec_pair *pair =
        spec == NULL ? NULL
                     : planner_length(spec->lengths, spec->n_lengths, member);
    struct siblings siblings = {.planner = planner, .record = record};
    struct plan_counter *counter;

    if (record->name == NULL) {
        (void)shape_doubt(
            shaper, NULL,
            arena_printf(planner->arena,
                         "'%s' is in a struct that C cannot name, "
                         "so nothing can be said of it",
                         member));
        return NULL;
    }
    if (pair == NULL) {
        (void)shape_doubt(
            shaper,
            arena_printf(planner->arena, "types: {%s: {length: {%s: N}}}",
                         record->name, member),
            arena_printf(planner->arena,
                         "nothing tells how many elements %s '%s' of '%s' %s",
                         strcmp(of_what, "has") == 0 ? "the array"
                                                     : "the pointer",
                         member, record->name, of_what));
        return NULL;
    }
    if (strcmp(pair->value.text, "terminated") == 0 &&
        strcmp(of_what, "has") == 0) {
        diag_error(
            planner->diag, pair->value.where, "spec-length",
            "nothing ends the array '%s' of '%s' but its struct: write a "
            "number, members that are integers, or what is computed of "
            "them, in place of 'terminated'",
            member, record->name);
        shaper->is_bad = true;
        return NULL;
    }
    counter = shape_counter(shaper, shape, "count", member);
    if (strcmp(pair->value.text, "terminated") == 0) {
        counter->count = "THUNK_TERMINATED";
        return counter;
    }
    siblings.text = &pair->value;
    counter->count = expression_read(planner->arena, planner->diag,
                                     &pair->value, sibling_name, &siblings);
    counter->record = siblings.is_used ? record->name : NULL;
    shaper->is_bad |= counter->count == NULL;
    return counter->count == NULL ? NULL : counter;
}

static const struct spec_union *union_told(struct shaper *shaper,
                                           const struct record *record,
                                           const char *member)
{
    const struct spec_type *spec = planner_spec_record(shaper->planner, record);

    for (size_t i = 0; spec != NULL && i < spec->n_unions; i++) {
        if (strcmp(spec->unions[i].name.text, member) == 0) {
            return &spec->unions[i];
        }
    }
    return NULL;
}

static const struct field *field_named(const struct record *record,
                                       const char *name)
{
    for (size_t i = 0; i < record->n_fields; i++) {
        if (strcmp(record->fields[i].name, name) == 0) {
            return &record->fields[i];
        }
    }
    return NULL;
}

/* The member of a union as each ISA has it; false: not all do. */
static bool alternative_find(const struct abis *unions, const char *name,
                             struct abis *types, struct flat flats[ISA_COUNT])
{
    for (unsigned i = 0; i < ISA_COUNT; i++) {
        const struct field *field;

        types->types[i] = NULL;
        flats[i] = (struct flat){.name = name};
        if (unions->types[i] == NULL) {
            continue;
        }
        field = field_named(unions->types[i]->record, name);
        if (field == NULL) {
            return false;
        }
        types->types[i] = field->type;
        flats[i].field = field;
        flats[i].bit = field->offset;
    }
    return true;
}

/* The alternatives that the spec tells, as the members of a shape. */
static const struct plan_shape *union_shape(struct shaper *shaper,
                                            const struct spec_union *spec,
                                            const struct abis *unions,
                                            const char *path,
                                            struct plan_counter *counter)
{
    struct planner *planner = shaper->planner;
    struct plan_shape *shape = arena_alloc(planner->arena, sizeof(*shape));

    shape->name = shape_identifier(shaper, path);
    shape->of = path;
    *ARENA_APPEND(planner->arena, planner->plan->shapes,
                  planner->plan->n_shapes) = shape;
    for (unsigned i = 0; i < ISA_COUNT; i++) {
        shape->sizes[i] = unions->types[i] == NULL ? 0 : unions->types[i]->size;
        shape->alike[i] = abis_are_alike_for(shaper, unions, i) ? 0 : i + 1;
    }
    for (size_t i = 0; i < spec->n_cases; i++) {
        const char *name = spec->cases[i].value.text;
        struct flat flats[ISA_COUNT];
        struct abis types;
        size_t m = 0;

        while (m < shape->n_members &&
               strcmp(shape->members[m].name, name) != 0) {
            m++;
        }
        if (m == shape->n_members) {
            if (!alternative_find(unions, name, &types, flats)) {
                return shape_doubt(
                    shaper, NULL,
                    arena_printf(planner->arena,
                                 "not all have member '%s' of the union '%s'",
                                 name, path));
            }
            if (!shape_member(
                    shaper, shape, NULL, types, flats,
                    arena_printf(planner->arena, "%s.%s", path, name))) {
                return NULL;
            }
        }
        *ARENA_APPEND(planner->arena, counter->cases, counter->n_cases) =
            (struct plan_which){spec->cases[i].name.text, m + 1};
    }
    return shape;
}

static bool union_plan(struct shaper *shaper, const struct record *record,
                       struct plan_shape *shape, const struct abis *abis,
                       const char *path, struct plan_shape_member *member)
{
    struct planner *planner = shaper->planner;
    const struct spec_union *spec =
        record == NULL ? NULL : union_told(shaper, record, member->name);
    struct plan_counter *counter;

    member->kind = SHAPE_UNION;
    if (record == NULL || record->name == NULL || member->name[0] == '\0') {
        (void)shape_doubt(
            shaper, NULL,
            arena_printf(planner->arena,
                         "'%s' is a union, and no member of a "
                         "struct with a name can tell which of it "
                         "is in use",
                         path));
        return false;
    }
    if (spec == NULL) {
        (void)shape_doubt(
            shaper,
            arena_printf(planner->arena,
                         "types: {%s: {unions: {%s: {by: MEMBER, members: "
                         "{CONSTANT: MEMBER}}}}}",
                         record->name, member->name),
            arena_printf(planner->arena,
                         "nothing tells which member of the union '%s' of '%s' "
                         "is in use",
                         member->name, record->name));
        return false;
    }
    counter = shape_counter(shaper, shape, "which", member->name);
    counter->record = record->name;
    counter->by = spec->by.text;
    member->counter = counter;
    member->shape = union_shape(shaper, spec, abis, path, counter);
    shape->has_pointers |= member->shape != NULL && member->shape->has_pointers;
    return member->shape != NULL;
}

void shape_inner_plan(struct shaper *shaper, const struct spec_pair *pair,
                      const char *of)
{
    const char *text = pair == NULL ? "" : pair->value.text;

    if (pair == NULL) {
        shaper->inner_count = NULL;
    } else if (strcmp(text, "terminated") == 0) {
        shaper->inner_count = "THUNK_TERMINATED";
    } else if (text[strspn(text, "0123456789")] == '\0' && strlen(text) < 18) {
        shaper->inner_count = text;
    } else {
        diag_error(shaper->planner->diag, pair->value.where, "spec-length",
                   "'%s' of '%s' is a number or 'terminated', not '%s'",
                   pair->name.text, of, text);
        shaper->inner_count = "1";
        shaper->is_bad = true;
    }
}

/* The shape of what a member points to; of pointers, by "*member". */
static const struct plan_shape *
target_shape(struct shaper *shaper, const struct record *record,
             const char *member, const struct abis *targets, const char *path)
{
    struct arena *arena = shaper->planner->arena;
    const struct spec_type *spec = planner_spec_record(shaper->planner, record);
    const char *outer = shaper->inner_count, *outer_yaml = shaper->inner_yaml;
    const struct plan_shape *shape;

    shape_inner_plan(shaper,
                     planner_length(spec->lengths, spec->n_lengths,
                                    arena_printf(arena, "*%s", member)),
                     record->name);
    shaper->inner_yaml =
        arena_printf(arena, "types: {%s: {length: {%s: N, \"*%s\": 1}}}",
                     record->name, member, member);
    shape = shape_make(shaper, targets, path);
    shaper->inner_count = outer;
    shaper->inner_yaml = outer_yaml;
    return shape;
}

/* What a pointer points to that is not the same. */
static bool pointer_plan(struct shaper *shaper, const struct record *record,
                         struct plan_shape *shape, const struct abis *abis,
                         const char *path, struct plan_shape_member *member)
{
    struct planner *planner = shaper->planner;
    struct abis targets = abis_target(abis);
    const struct type *target = targets.types[shape_host(planner)];

    member->kind = SHAPE_POINTER;
    member->is_const = type_is_const(target);
    shape->has_pointers = true;
    if (type_resolve(target)->kind == TYPE_FUNCTION) {
        (void)shape_doubt(
            shaper, NULL,
            arena_printf(planner->arena,
                         "'%s' is a function pointer, and what it "
                         "takes or returns differs",
                         path));
        return false;
    }
    if (record == NULL) {
        (void)shape_doubt(shaper, NULL,
                          arena_printf(planner->arena,
                                       "'%s' is a pointer in a union, of which "
                                       "nothing can be said",
                                       path));
        return false;
    }
    member->counter =
        length_plan(shaper, record, shape, member->name, "points to");
    if (member->counter == NULL) {
        return false;
    }
    member->shape = target_shape(shaper, record, member->name, &targets, path);
    if (member->shape != NULL && member->shape->is_flexible &&
        strcmp(member->counter->count, "1") != 0) {
        (void)shape_doubt(
            shaper, NULL,
            arena_printf(planner->arena,
                         "'%s' points to several structs that end "
                         "with an array without a length",
                         path));
        return false;
    }
    return member->shape != NULL;
}

/* The kind of a member that is not the same for all, and what is behind it. */
static bool kind_plan(struct shaper *shaper, const struct record *record,
                      struct plan_shape *shape, const struct abis *abis,
                      const char *path, struct plan_shape_member *member)
{
    struct planner *planner = shaper->planner;
    const struct type *host = abis->types[shape_host(planner)];

    if (host->kind == TYPE_RECORD && host->record->is_union) {
        return union_plan(shaper, record, shape, abis, path, member);
    }
    if (host->kind == TYPE_RECORD) {
        member->kind = SHAPE_RECORD;
        member->shape = shape_make(shaper, abis, path);
        if (member->shape != NULL && member->shape->is_flexible) {
            (void)shape_doubt(shaper, NULL,
                              arena_printf(planner->arena,
                                           "'%s' ends with an array without a "
                                           "length",
                                           path));
            return false;
        }
        shape->has_pointers |=
            member->shape != NULL && member->shape->has_pointers;
        return member->shape != NULL;
    }
    if (host->kind == TYPE_POINTER) {
        return pointer_plan(shaper, record, shape, abis, path, member);
    }
    if (!shape_number(shaper, abis, member)) {
        (void)shape_doubt(shaper, NULL,
                          arena_printf(planner->arena,
                                       "nothing makes one of the other in '%s'",
                                       path));
        return false;
    }
    return true;
}

/* Where each ISA has it. */
void shape_places(const struct abis *abis, const struct flat *flats,
                  const uint64_t counts[ISA_COUNT],
                  struct plan_shape_member *member)
{
    for (unsigned i = 0; i < ISA_COUNT; i++) {
        const struct type *type = abis->types[i];
        struct plan_place *place = &member->places[i];

        if (type == NULL) {
            continue;
        }
        *place = (struct plan_place){
            .bit = flats[i].bit, .bits = type->size * 8, .count = counts[i]};
        if (flats[i].field != NULL && flats[i].field->width >= 0) {
            place->bits = (uint64_t)flats[i].field->width;
        }
        if (member->kind == SHAPE_INTEGER) {
            place->sign = sign_of(type);
        }
        if (type->kind == TYPE_COMPLEX && member->kind == SHAPE_LONG_DOUBLE) {
            place->bits /= 2;
            place->count *= 2;
        }
    }
}

/* Bytes that are the same for all, wherever they lie. */
static void bytes_plan(const struct abis *abis, const struct flat *flats,
                       struct plan_shape_member *member)
{
    member->kind = SHAPE_BYTES;
    for (unsigned i = 0; i < ISA_COUNT; i++) {
        if (abis->types[i] != NULL) {
            uint64_t size = abis->types[i]->size;
            bool is_small = size < UINT32_MAX / 8;

            member->places[i] =
                (struct plan_place){.bit = flats[i].bit,
                                    .bits = is_small ? 8 * size : 8,
                                    .count = is_small ? 1 : size};
        }
    }
}

/* Such an array's counter tells of elements, which may be rows or complex: of
 * as many numbers as one has in a place. */
static void flexible_count(struct shaper *shaper, const struct type *array,
                           const struct plan_shape_member *member)
{
    struct plan *plan = shaper->planner->plan;
    const struct type *element = type_resolve(array->target);
    uint64_t count = 1;

    while (element->kind == TYPE_ARRAY) {
        count *= element->count;
        element = type_resolve(element->target);
    }
    if (element->kind == TYPE_COMPLEX && member->kind == SHAPE_LONG_DOUBLE) {
        count *= 2;
    }
    for (size_t i = 0; count != 1 && i < plan->n_counters; i++) {
        if (plan->counters[i] == member->counter) {
            plan->counters[i]->count = arena_printf(
                shaper->planner->arena, "thunk_count_multiply(%s, %llu)",
                member->counter->count, (unsigned long long)count);
        }
    }
}

/* An array without a length, at the end of a struct. */
static bool flexible_plan(struct shaper *shaper, const struct record *record,
                          struct plan_shape *shape, const char *path,
                          struct plan_shape_member *member)
{
    if (record == NULL) {
        (void)shape_doubt(shaper, NULL,
                          arena_printf(shaper->planner->arena,
                                       "'%s' has no length that could be told",
                                       path));
        return false;
    }
    member->counter = length_plan(shaper, record, shape, member->name, "has");
    shape->is_flexible = true;
    return member->counter != NULL;
}

/* What is not the same bytes for all. */
static bool differing_plan(struct shaper *shaper, const struct record *record,
                           struct plan_shape *shape, struct abis abis,
                           const struct flat *flats, bool is_bit_field,
                           const char *path, struct plan_shape_member *member)
{
    struct arena *arena = shaper->planner->arena;
    uint64_t counts[ISA_COUNT];
    const struct type *host = abis.types[shape_host(shaper->planner)];
    const struct plan_counter *counter;
    bool is_flexible;

    if (!rows_open(shaper, &abis, counts, &is_flexible)) {
        (void)shape_doubt(shaper, NULL,
                          arena_printf(arena,
                                       "'%s' is of another kind, or has other "
                                       "rows",
                                       path));
        return false;
    }
    if (is_flexible && !flexible_plan(shaper, record, shape, path, member)) {
        return false;
    }
    counter = member->counter;
    if (!is_bit_field && abis_are_alike(shaper, &abis)) {
        member->kind = SHAPE_BYTES; /* in rows of another length */
    } else if (!kind_plan(shaper, record, shape, &abis, path, member)) {
        return false;
    }
    if (is_flexible && member->counter != counter) {
        (void)shape_doubt(shaper, NULL,
                          arena_printf(arena,
                                       "'%s' is an array without a length, of "
                                       "pointers or unions",
                                       path));
        return false;
    }
    if (is_flexible) {
        flexible_count(shaper, host, member);
    }
    shape_places(&abis, flats, counts, member);
    return true;
}

bool shape_member(struct shaper *shaper, struct plan_shape *shape,
                  const struct record *record, struct abis abis,
                  const struct flat *flats, const char *path)
{
    struct planner *planner = shaper->planner;
    unsigned host = shape_host(planner);
    struct location outside = shaper->where;
    struct plan_shape_member member = {.name = flats[host].name};
    bool is_bit_field = false;

    if (flats[host].field != NULL) {
        shaper->where = flats[host].field->where;
    }
    for (unsigned i = 0; i < ISA_COUNT; i++) {
        is_bit_field |= abis.types[i] != NULL && flats[i].field != NULL &&
                        flats[i].field->width >= 0;
    }
    if (shape_is_object(shaper, &abis, path)) {
        return false;
    }
    abis = abis_resolve(&abis);
    if (!is_bit_field && abis.types[host]->size > 0 &&
        abis_are_alike(shaper, &abis)) {
        bytes_plan(&abis, flats, &member);
    } else if (!differing_plan(shaper, record, shape, abis, flats, is_bit_field,
                               path, &member)) {
        return false;
    }
    *ARENA_APPEND(planner->arena, shape->members, shape->n_members) = member;
    shaper->where = outside;
    return true;
}
