/* SPDX-License-Identifier: MIT
 *
 * Types in memory whose layout differs between the ABIs: member by member, what
 * the host makes of what a guest has there. What cannot be told from the
 * headers alone is a doubt, with the place that decides it.
 */
#include "plan_shape.h"

#include <string.h>

#include "expression.h"

/* One type as each ISA has it; NULL: not asked about. */
struct abis {
    const struct type *types[ISA_COUNT];
};

/* The fields of a record in one row, those of structs without a name in their
 * place. */
struct flat {
    const char *name;
    const struct field *field;
    uint64_t bit;
};

struct flats {
    struct flat *items;
    size_t n_items;
};

static unsigned host_of(const struct planner *planner)
{
    return isa_index(planner->input->models[0].isa);
}

static const struct plan_shape *doubt_tell(struct shaper *shaper,
                                           const char *yaml, const char *text)
{
    shaper->doubt->where = shaper->where;
    shaper->doubt->text = text;
    shaper->doubt->yaml = yaml;
    return NULL;
}

static const struct plan_shape *
shape_make(struct shaper *shaper, const struct abis *abis, const char *path);

/* ---- what all ABIs have in common ---- */

static struct abis abis_resolve(const struct abis *abis)
{
    struct abis resolved = {{NULL}};

    for (unsigned i = 0; i < ISA_COUNT; i++) {
        if (abis->types[i] != NULL) {
            resolved.types[i] = type_resolve(abis->types[i]);
        }
    }
    return resolved;
}

static struct abis abis_target(const struct abis *abis)
{
    struct abis targets = {{NULL}};

    for (unsigned i = 0; i < ISA_COUNT; i++) {
        if (abis->types[i] != NULL) {
            targets.types[i] = abis->types[i]->target;
        }
    }
    return targets;
}

static bool is_integer(const struct type *type)
{
    return type->kind == TYPE_INTEGER || type->kind == TYPE_ENUM;
}

/* Whether they are of one kind, which is the host's. */
static bool kinds_agree(const struct abis *abis, const struct type *host)
{
    for (unsigned i = 0; i < ISA_COUNT; i++) {
        const struct type *type = abis->types[i];

        if (type != NULL && type->kind != host->kind &&
            !(is_integer(type) && is_integer(host))) {
            return false;
        }
    }
    return true;
}

/* The model of an ISA that is a guest's; 0: it is none. */
static size_t guest_model(const struct planner *planner, unsigned isa)
{
    for (size_t i = 1; i < planner->input->n_models; i++) {
        if (isa_index(planner->input->models[i].isa) == isa) {
            return i;
        }
    }
    return 0;
}

/* Whether the host's type and that ISA's are the same bytes, wherever they
 * lead. */
static bool is_alike(struct shaper *shaper, const struct abis *abis,
                     unsigned isa)
{
    struct planner *planner = shaper->planner;
    struct layout_difference difference;
    unsigned host = host_of(planner);
    size_t model = guest_model(planner, isa);

    return isa == host || model == 0 ||
           layout_memory_equal(planner->comparisons[model], shaper->where, "",
                               abis->types[host], abis->types[isa],
                               &difference);
}

static bool are_alike(struct shaper *shaper, const struct abis *abis)
{
    for (unsigned i = 0; i < ISA_COUNT; i++) {
        if (abis->types[i] != NULL && !is_alike(shaper, abis, i)) {
            return false;
        }
    }
    return true;
}

/* ---- one member ---- */

/* Numbers in a row, as long as nothing but the first dimension differs. */
static bool rows_open(struct shaper *shaper, struct abis *abis,
                      uint64_t counts[ISA_COUNT], bool *is_flexible)
{
    unsigned host = host_of(shaper->planner);
    bool is_first = true;

    *is_flexible = false;
    for (unsigned i = 0; i < ISA_COUNT; i++) {
        counts[i] = 1;
    }
    while (abis->types[host]->kind == TYPE_ARRAY) {
        if (!kinds_agree(abis, abis->types[host])) {
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
    return kinds_agree(abis, abis->types[host]);
}

static enum shape_sign sign_of(const struct type *type)
{
    return type->name != NULL && strcmp(type->name, "_Bool") == 0 ? SHAPE_BOOL
           : type->is_signed                                      ? SHAPE_SIGNED
                             : SHAPE_UNSIGNED;
}

/* The kind of what is no record and no pointer. */
static bool number_plan(struct shaper *shaper, const struct abis *abis,
                        struct plan_shape_member *member)
{
    const struct type *host = abis->types[host_of(shaper->planner)];
    bool is_long_double = true;

    if (is_integer(host)) {
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

static const char *identifier(struct shaper *shaper, const char *name)
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

static struct plan_counter *counter_add(struct shaper *shaper,
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
            is_integer(type) && type->size <= 8) {
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
        (void)doubt_tell(shaper, NULL,
                         arena_printf(planner->arena,
                                      "'%s' is in a struct that C cannot name, "
                                      "so nothing can be said of it",
                                      member));
        return NULL;
    }
    if (pair == NULL) {
        (void)doubt_tell(
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
    counter = counter_add(shaper, shape, "count", member);
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

static bool member_plan(struct shaper *shaper, struct plan_shape *shape,
                        const struct record *record, struct abis abis,
                        const struct flat *flats, const char *path);

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

    shape->name = identifier(shaper, path);
    shape->of = path;
    *ARENA_APPEND(planner->arena, planner->plan->shapes,
                  planner->plan->n_shapes) = shape;
    for (unsigned i = 0; i < ISA_COUNT; i++) {
        shape->sizes[i] = unions->types[i] == NULL ? 0 : unions->types[i]->size;
        shape->alike[i] = is_alike(shaper, unions, i) ? 0 : i + 1;
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
                return doubt_tell(
                    shaper, NULL,
                    arena_printf(planner->arena,
                                 "not all have member '%s' of the union '%s'",
                                 name, path));
            }
            if (!member_plan(
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
        (void)doubt_tell(shaper, NULL,
                         arena_printf(planner->arena,
                                      "'%s' is a union, and no member of a "
                                      "struct with a name can tell which of it "
                                      "is in use",
                                      path));
        return false;
    }
    if (spec == NULL) {
        (void)doubt_tell(
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
    counter = counter_add(shaper, shape, "which", member->name);
    counter->record = record->name;
    counter->by = spec->by.text;
    member->counter = counter;
    member->shape = union_shape(shaper, spec, abis, path, counter);
    shape->has_pointers |= member->shape != NULL && member->shape->has_pointers;
    return member->shape != NULL;
}

/* What a pointer points to that is not the same. */
static bool pointer_plan(struct shaper *shaper, const struct record *record,
                         struct plan_shape *shape, const struct abis *abis,
                         const char *path, struct plan_shape_member *member)
{
    struct planner *planner = shaper->planner;
    struct abis targets = abis_target(abis);
    const struct type *target = targets.types[host_of(planner)];

    member->kind = SHAPE_POINTER;
    member->is_const = target->is_const;
    shape->has_pointers = true;
    if (type_resolve(target)->kind == TYPE_FUNCTION) {
        (void)doubt_tell(shaper, NULL,
                         arena_printf(planner->arena,
                                      "'%s' is a function pointer, and what it "
                                      "takes or returns differs",
                                      path));
        return false;
    }
    if (record == NULL) {
        (void)doubt_tell(shaper, NULL,
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
    member->shape = shape_make(shaper, &targets, path);
    if (member->shape != NULL && member->shape->is_flexible &&
        strcmp(member->counter->count, "1") != 0) {
        (void)doubt_tell(shaper, NULL,
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
    const struct type *host = abis->types[host_of(planner)];

    if (host->kind == TYPE_RECORD && host->record->is_union) {
        return union_plan(shaper, record, shape, abis, path, member);
    }
    if (host->kind == TYPE_RECORD) {
        member->kind = SHAPE_RECORD;
        member->shape = shape_make(shaper, abis, path);
        if (member->shape != NULL && member->shape->is_flexible) {
            (void)doubt_tell(shaper, NULL,
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
    if (!number_plan(shaper, abis, member)) {
        (void)doubt_tell(shaper, NULL,
                         arena_printf(planner->arena,
                                      "nothing makes one of the other in '%s'",
                                      path));
        return false;
    }
    return true;
}

/* Where each ISA has it. */
static void places_fill(struct shaper *shaper, const struct abis *abis,
                        const struct flat *flats,
                        const uint64_t counts[ISA_COUNT],
                        struct plan_shape_member *member)
{
    (void)shaper;
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

/* Adds a member to a shape. `record` is where the spec may say something of it;
 * NULL: nowhere. False: a doubt, or an error was told. */
static bool member_plan(struct shaper *shaper, struct plan_shape *shape,
                        const struct record *record, struct abis abis,
                        const struct flat *flats, const char *path)
{
    struct planner *planner = shaper->planner;
    unsigned host = host_of(planner);
    struct location outside = shaper->where;
    struct plan_shape_member member = {.name = flats[host].name};
    bool is_bit_field = false;
    bool is_flexible = false;
    uint64_t counts[ISA_COUNT];
    bool is_good = true;

    if (flats[host].field != NULL) {
        shaper->where = flats[host].field->where;
    }
    for (unsigned i = 0; i < ISA_COUNT; i++) {
        is_bit_field |= abis.types[i] != NULL && flats[i].field != NULL &&
                        flats[i].field->width >= 0;
    }
    abis = abis_resolve(&abis);
    if (!is_bit_field && abis.types[host]->size > 0 &&
        are_alike(shaper, &abis)) {
        bytes_plan(&abis, flats, &member);
        *ARENA_APPEND(planner->arena, shape->members, shape->n_members) =
            member;
        shaper->where = outside;
        return true;
    }
    if (!rows_open(shaper, &abis, counts, &is_flexible)) {
        (void)doubt_tell(shaper, NULL,
                         arena_printf(planner->arena,
                                      "'%s' is of another kind, or has other "
                                      "rows",
                                      path));
        return false;
    }
    if (is_flexible) {
        if (record == NULL) {
            (void)doubt_tell(shaper, NULL,
                             arena_printf(planner->arena,
                                          "'%s' has no length that could be "
                                          "told",
                                          path));
            return false;
        }
        member.counter = length_plan(shaper, record, shape, member.name, "has");
        shape->is_flexible = true;
        is_good = member.counter != NULL;
    }
    if (is_good && are_alike(shaper, &abis) && !is_bit_field) {
        member.kind =
            SHAPE_BYTES; /* of a flexible array, one of another length */
    } else {
        const struct plan_counter *counter = member.counter;

        is_good =
            is_good && kind_plan(shaper, record, shape, &abis, path, &member);
        if (is_flexible && is_good && member.counter != counter) {
            (void)doubt_tell(shaper, NULL,
                             arena_printf(planner->arena,
                                          "'%s' is an array without a length, "
                                          "of pointers or unions",
                                          path));
            is_good = false;
        }
    }
    if (is_good) {
        places_fill(shaper, &abis, flats, counts, &member);
        *ARENA_APPEND(planner->arena, shape->members, shape->n_members) =
            member;
    }
    shaper->where = is_good ? outside : shaper->where;
    return is_good;
}

/* ---- records ---- */

static void fields_flatten(struct planner *planner, const struct record *record,
                           uint64_t start, struct flats *flats)
{
    for (size_t i = 0; i < record->n_fields; i++) {
        const struct field *field = &record->fields[i];
        const struct type *type = type_resolve(field->type);

        if (field->name[0] == '\0' && field->width < 0 &&
            type->kind == TYPE_RECORD && !type->record->is_union) {
            fields_flatten(planner, type->record, start + field->offset, flats);
        } else if (field->name[0] != '\0' || field->width < 0) {
            *ARENA_APPEND(planner->arena, flats->items, flats->n_items) =
                (struct flat){field->name, field, start + field->offset};
        }
    }
}

/* The one of that name; of unions without a name, the one in that place among
 * them. */
static const struct flat *flat_find(const struct flats *flats, const char *name,
                                    size_t ordinal)
{
    for (size_t i = 0; i < flats->n_items; i++) {
        if (strcmp(flats->items[i].name, name) == 0 && ordinal-- == 0) {
            return &flats->items[i];
        }
    }
    return NULL;
}

/* Those that tell of others come first: numbers before pointers and unions, and
 * an array without a length last of all. */
static unsigned member_rank(const struct plan_shape_member *member)
{
    return member->kind != SHAPE_POINTER && member->kind != SHAPE_UNION
               ? member->counter == NULL ? 0 : 2
               : 1;
}

static void members_order(struct planner *planner, struct plan_shape *shape)
{
    struct plan_shape_member *ordered = NULL;
    size_t n_ordered = 0;

    for (unsigned rank = 0; rank <= 2; rank++) {
        for (size_t i = 0; i < shape->n_members; i++) {
            if (member_rank(&shape->members[i]) == rank) {
                *ARENA_APPEND(planner->arena, ordered, n_ordered) =
                    shape->members[i];
            }
        }
    }
    shape->members = ordered;
}

/* What the host has and a guest does not is 0 there. */
static bool members_plan(struct shaper *shaper, struct plan_shape *shape,
                         const struct abis *abis, const char *path)
{
    struct planner *planner = shaper->planner;
    unsigned host = host_of(planner);
    struct flats flats[ISA_COUNT] = {{NULL, 0}};
    size_t n_unnamed = 0;

    for (unsigned i = 0; i < ISA_COUNT; i++) {
        if (abis->types[i] != NULL) {
            fields_flatten(planner, abis->types[i]->record, 0, &flats[i]);
        }
    }
    for (size_t f = 0; f < flats[host].n_items; f++) {
        const char *name = flats[host].items[f].name;
        struct abis types = {{NULL}};
        struct flat found[ISA_COUNT] = {{NULL, NULL, 0}};
        size_t ordinal = name[0] == '\0' ? n_unnamed++ : 0;
        size_t n_found = 0;

        for (unsigned i = 0; i < ISA_COUNT; i++) {
            const struct flat *flat = flat_find(&flats[i], name, ordinal);

            if (flat != NULL) {
                types.types[i] = flat->field->type;
                found[i] = *flat;
                n_found++;
            }
        }
        if (n_found == 1) {
            continue; /* only the host has it */
        }
        if (!member_plan(shaper, shape, abis->types[host]->record, types, found,
                         name[0] == '\0' ? path
                                         : arena_printf(planner->arena, "%s.%s",
                                                        path, name))) {
            return false;
        }
    }
    members_order(planner, shape);
    return true;
}

static bool records_are_known(const struct abis *abis)
{
    for (unsigned i = 0; i < ISA_COUNT; i++) {
        if (abis->types[i] != NULL && (!abis->types[i]->record->is_complete ||
                                       abis->types[i]->record->is_union)) {
            return false;
        }
    }
    return true;
}

static const struct plan_shape *
record_shape(struct shaper *shaper, const struct abis *abis, const char *path)
{
    struct planner *planner = shaper->planner;
    const struct record *record = abis->types[host_of(planner)]->record;
    struct plan_shape *shape = planner->shapes[record->index];

    if (shape != NULL) {
        return shape;
    }
    if (!records_are_known(abis)) {
        return doubt_tell(shaper, NULL,
                          arena_printf(planner->arena,
                                       "'%s' is a union of its own, or not "
                                       "known to all",
                                       path));
    }
    shape = arena_alloc(planner->arena, sizeof(*shape));
    path = record->name == NULL ? path : record->name;
    shape->name = identifier(shaper, path);
    shape->of = path;
    planner->shapes[record->index] = shape; /* may lead back to itself */
    *ARENA_APPEND(planner->arena, planner->plan->shapes,
                  planner->plan->n_shapes) = shape;
    for (unsigned i = 0; i < ISA_COUNT; i++) {
        shape->sizes[i] = abis->types[i] == NULL ? 0 : abis->types[i]->size;
        shape->alike[i] =
            abis->types[i] == NULL || is_alike(shaper, abis, i) ? 0 : i + 1;
    }
    return members_plan(shaper, shape, abis, path) ? shape : NULL;
}

/* A lone number, as the only member of a shape. */
static const struct plan_shape *number_shape(struct shaper *shaper,
                                             const struct abis *abis)
{
    struct planner *planner = shaper->planner;
    struct plan *plan = planner->plan;
    const struct type *host = abis->types[host_of(planner)];
    const uint64_t counts[ISA_COUNT] = {1, 1, 1};
    const struct flat flats[ISA_COUNT] = {{"", NULL, 0}};
    struct plan_shape_member member = {.name = ""};
    const char *name = host->name == NULL ? "_Complex long double" : host->name;
    struct plan_shape *shape;

    if (!number_plan(shaper, abis, &member)) {
        return doubt_tell(shaper, NULL, "nothing makes one of the other");
    }
    for (size_t i = 0; i < plan->n_shapes; i++) {
        if (strcmp(plan->shapes[i]->of, name) == 0) {
            return plan->shapes[i];
        }
    }
    shape = arena_alloc(planner->arena, sizeof(*shape));
    shape->name = identifier(shaper, name);
    shape->of = name;
    places_fill(shaper, abis, flats, counts, &member);
    *ARENA_APPEND(planner->arena, shape->members, shape->n_members) = member;
    for (unsigned i = 0; i < ISA_COUNT; i++) {
        shape->sizes[i] = abis->types[i] == NULL ? 0 : abis->types[i]->size;
        shape->alike[i] =
            abis->types[i] == NULL || is_alike(shaper, abis, i) ? 0 : i + 1;
    }
    *ARENA_APPEND(planner->arena, plan->shapes, plan->n_shapes) = shape;
    return shape;
}

/* A pointer that a parameter points to. The spec has told how many it points to
 * in turn. */
static const struct plan_shape *
pointer_shape(struct shaper *shaper, const struct abis *abis, const char *path)
{
    struct planner *planner = shaper->planner;
    const struct abis targets = abis_target(abis);
    const struct type *target = targets.types[host_of(planner)];
    const struct flat flats[ISA_COUNT] = {{"", NULL, 0}};
    const uint64_t counts[ISA_COUNT] = {1, 1, 1};
    struct plan_shape_member member = {
        .name = "", .kind = SHAPE_POINTER, .is_const = target->is_const};
    struct plan_shape *shape = arena_alloc(planner->arena, sizeof(*shape));
    const char *count = shaper->inner_count;
    struct plan_counter *counter;

    if (type_resolve(target)->kind == TYPE_FUNCTION) {
        return doubt_tell(shaper, NULL,
                          "what the function pointer there takes or returns "
                          "differs");
    }
    if (count == NULL) {
        return doubt_tell(
            shaper, shaper->inner_yaml,
            "nothing tells how many elements each pointer there points to");
    }
    shaper->inner_count = NULL; /* one level can be told */
    shape->name = identifier(shaper, path);
    shape->of = path;
    shape->has_pointers = true;
    for (unsigned i = 0; i < ISA_COUNT; i++) {
        shape->sizes[i] = abis->types[i] == NULL ? 0 : abis->types[i]->size;
    }
    *ARENA_APPEND(planner->arena, planner->plan->shapes,
                  planner->plan->n_shapes) = shape;
    counter = counter_add(shaper, shape, "count", "each");
    counter->count = count;
    member.counter = counter;
    member.shape = shape_make(shaper, &targets, path);
    if (member.shape == NULL) {
        return NULL;
    }
    for (unsigned i = 0; i < ISA_COUNT; i++) {
        shape->alike[i] = member.shape->alike[i];
    }
    places_fill(shaper, abis, flats, counts, &member);
    *ARENA_APPEND(planner->arena, shape->members, shape->n_members) = member;
    return shape;
}

/* A row of a parameter's: "int (*)[3]" points to those. */
static const struct plan_shape *
array_shape(struct shaper *shaper, const struct abis *abis, const char *path)
{
    struct planner *planner = shaper->planner;
    const struct flat flats[ISA_COUNT] = {
        {"row", NULL, 0}, {"row", NULL, 0}, {"row", NULL, 0}};
    struct plan_shape *shape = arena_alloc(planner->arena, sizeof(*shape));

    shape->name = identifier(shaper, path);
    shape->of = path;
    *ARENA_APPEND(planner->arena, planner->plan->shapes,
                  planner->plan->n_shapes) = shape;
    for (unsigned i = 0; i < ISA_COUNT; i++) {
        shape->sizes[i] = abis->types[i] == NULL ? 0 : abis->types[i]->size;
        shape->alike[i] =
            abis->types[i] == NULL || is_alike(shaper, abis, i) ? 0 : i + 1;
    }
    return member_plan(shaper, shape, NULL, *abis, flats, path) ? shape : NULL;
}

static const struct plan_shape *
shape_make(struct shaper *shaper, const struct abis *abis, const char *path)
{
    struct abis types = abis_resolve(abis);
    const struct type *host = types.types[host_of(shaper->planner)];

    if (!kinds_agree(&types, host)) {
        return doubt_tell(shaper, NULL,
                          arena_printf(shaper->planner->arena,
                                       "'%s' is of another kind", path));
    }
    switch (host->kind) {
    case TYPE_RECORD:
        return record_shape(shaper, &types, path);
    case TYPE_POINTER:
        return pointer_shape(shaper, &types, path);
    case TYPE_ARRAY:
        return array_shape(shaper, &types, path);
    default:
        return number_shape(shaper, &types);
    }
}

const struct plan_shape *planner_shape(struct shaper *shaper,
                                       const struct type *const *types,
                                       const char *path)
{
    struct planner *planner = shaper->planner;
    size_t first = planner->plan->n_shapes;
    const struct plan_shape *shape;
    struct abis abis;

    memcpy(abis.types, types, sizeof(abis.types));
    shape = shape_make(shaper, &abis, path);
    if (shape == NULL) {
        /* The next function that reaches one of them has the same error. */
        for (size_t i = 0; i < planner->input->models[0].n_records; i++) {
            for (size_t s = first; s < planner->plan->n_shapes; s++) {
                if (planner->shapes[i] == planner->plan->shapes[s]) {
                    planner->shapes[i] = NULL;
                }
            }
        }
    }
    return shape;
}

void planner_shapes_hash(struct planner *planner)
{
    const struct plan *plan = planner->plan;

    for (size_t i = 0; i < plan->n_shapes; i++) {
        const struct plan_shape *shape = plan->shapes[i];

        layout_hash_text(planner->hash, shape->name);
        for (size_t m = 0; m < shape->n_members; m++) {
            for (unsigned isa = 0; isa < ISA_COUNT; isa++) {
                const struct plan_place *place = &shape->members[m].places[isa];

                layout_hash_text(
                    planner->hash,
                    arena_printf(planner->arena, "%d %llu %llu %llu",
                                 shape->members[m].kind,
                                 (unsigned long long)place->bit,
                                 (unsigned long long)place->bits,
                                 (unsigned long long)place->count));
            }
        }
    }
}

bool plan_shape_has_name(const struct plan_shape *shape, const char *name)
{
    static const char *const prefixes[] = {"members_", "shape_"};

    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        size_t length = strlen(prefixes[i]);

        if (strncmp(name, prefixes[i], length) == 0 &&
            strcmp(name + length, shape->name) == 0) {
            return true;
        }
    }
    return false;
}
