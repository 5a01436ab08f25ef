/* SPDX-License-Identifier: MIT
 *
 * Types in memory whose layout differs between the ABIs: what the host makes of
 * what a guest has there. What cannot be told from the headers alone is a
 * doubt, with the place that decides it.
 */
#include "plan_shape.h"

#include <string.h>

struct flats {
    struct flat *items;
    size_t n_items;
};

unsigned shape_host(const struct planner *planner)
{
    return isa_index(planner->input->models[0].isa);
}

const struct plan_shape *shape_doubt(struct shaper *shaper, const char *yaml,
                                     const char *text)
{
    shaper->doubt->where = shaper->where;
    shaper->doubt->text = text;
    shaper->doubt->yaml = yaml;
    return NULL;
}

/* ---- what all ABIs have in common ---- */

struct abis abis_resolve(const struct abis *abis)
{
    struct abis resolved = {{NULL}};

    for (unsigned i = 0; i < ISA_COUNT; i++) {
        if (abis->types[i] != NULL) {
            resolved.types[i] = type_resolve(abis->types[i]);
        }
    }
    return resolved;
}

struct abis abis_target(const struct abis *abis)
{
    struct abis targets = {{NULL}};

    for (unsigned i = 0; i < ISA_COUNT; i++) {
        if (abis->types[i] != NULL) {
            targets.types[i] = abis->types[i]->target;
        }
    }
    return targets;
}

bool shape_is_integer(const struct type *type)
{
    return type->kind == TYPE_INTEGER || type->kind == TYPE_ENUM;
}

/* Whether they are of one kind, which is the host's. */
bool abis_agree(const struct abis *abis, const struct type *host)
{
    for (unsigned i = 0; i < ISA_COUNT; i++) {
        const struct type *type = abis->types[i];

        if (type != NULL && type->kind != host->kind &&
            !(shape_is_integer(type) && shape_is_integer(host))) {
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
bool abis_are_alike_for(struct shaper *shaper, const struct abis *abis,
                        unsigned isa)
{
    struct planner *planner = shaper->planner;
    struct layout_difference difference;
    unsigned host = shape_host(planner);
    size_t model = guest_model(planner, isa);

    return isa == host || model == 0 ||
           layout_memory_equal(planner->comparisons[model], shaper->where, "",
                               abis->types[host], abis->types[isa],
                               &difference);
}

bool abis_are_alike(struct shaper *shaper, const struct abis *abis)
{
    for (unsigned i = 0; i < ISA_COUNT; i++) {
        if (abis->types[i] != NULL && !abis_are_alike_for(shaper, abis, i)) {
            return false;
        }
    }
    return true;
}

static void shape_measure(struct shaper *shaper, struct plan_shape *shape,
                          const struct abis *abis)
{
    for (unsigned i = 0; i < ISA_COUNT; i++) {
        const struct type *type = abis->types[i];

        if (type != NULL) {
            shape->sizes[i] = type->size;
            shape->alignments[i] = type->align;
            shape->alike[i] = abis_are_alike_for(shaper, abis, i) ? 0 : i + 1;
        }
    }
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
    unsigned host = shape_host(planner);
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
        if (!shape_member(
                shaper, shape, abis->types[host]->record, types, found,
                name[0] == '\0'
                    ? path
                    : arena_printf(planner->arena, "%s.%s", path, name))) {
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
    const struct record *record = abis->types[shape_host(planner)]->record;
    struct plan_shape *shape = planner->shapes[record->index];

    if (shape != NULL) {
        return shape;
    }
    if (!records_are_known(abis)) {
        return shape_doubt(shaper, NULL,
                           arena_printf(planner->arena,
                                        "'%s' is a union of its own, or not "
                                        "known to all",
                                        path));
    }
    shape = arena_alloc(planner->arena, sizeof(*shape));
    path = record->name == NULL ? path : record->name;
    shape->name = shape_identifier(shaper, path);
    shape->of = path;
    shape->type = abis->types[shape_host(planner)];
    planner->shapes[record->index] = shape; /* may lead back to itself */
    *ARENA_APPEND(planner->arena, planner->plan->shapes,
                  planner->plan->n_shapes) = shape;
    shape_measure(shaper, shape, abis);
    return members_plan(shaper, shape, abis, path) ? shape : NULL;
}

/* A lone number, as the only member of a shape. */
static const struct plan_shape *number_shape(struct shaper *shaper,
                                             const struct abis *abis)
{
    struct planner *planner = shaper->planner;
    struct plan *plan = planner->plan;
    const struct type *host = abis->types[shape_host(planner)];
    const uint64_t counts[ISA_COUNT] = {1, 1, 1};
    const struct flat flats[ISA_COUNT] = {{"", NULL, 0}};
    struct plan_shape_member member = {.name = ""};
    const char *name = host->name == NULL ? "_Complex long double" : host->name;
    struct plan_shape *shape;

    if (!shape_number(shaper, abis, &member)) {
        return shape_doubt(shaper, NULL, "nothing makes one of the other");
    }
    for (size_t i = 0; i < plan->n_shapes; i++) {
        if (strcmp(plan->shapes[i]->of, name) == 0) {
            return plan->shapes[i];
        }
    }
    shape = arena_alloc(planner->arena, sizeof(*shape));
    shape->name = shape_identifier(shaper, name);
    shape->of = name;
    shape_places(abis, flats, counts, &member);
    *ARENA_APPEND(planner->arena, shape->members, shape->n_members) = member;
    shape_measure(shaper, shape, abis);
    *ARENA_APPEND(planner->arena, plan->shapes, plan->n_shapes) = shape;
    return shape;
}

/* A pointer that a parameter or a member points to. The spec has told how many
 * it points to in turn. */
static const struct plan_shape *
pointer_shape(struct shaper *shaper, const struct abis *abis, const char *path)
{
    struct planner *planner = shaper->planner;
    const struct abis targets = abis_target(abis);
    const struct type *target = targets.types[shape_host(planner)];
    const struct flat flats[ISA_COUNT] = {{"", NULL, 0}};
    const uint64_t counts[ISA_COUNT] = {1, 1, 1};
    struct plan_shape_member member = {
        .name = "", .kind = SHAPE_POINTER, .is_const = type_is_const(target)};
    struct plan_shape *shape = arena_alloc(planner->arena, sizeof(*shape));
    const char *count = shaper->inner_count;
    struct plan_counter *counter;

    if (type_resolve(target)->kind == TYPE_FUNCTION) {
        return shape_doubt(shaper, NULL,
                           "what the function pointer there takes or returns "
                           "differs");
    }
    if (count == NULL) {
        return shape_doubt(
            shaper, shaper->inner_yaml,
            "nothing tells how many elements each pointer there points to");
    }
    shaper->inner_count = NULL; /* one level can be told */
    shape->name = shape_identifier(shaper, path);
    shape->of = path;
    shape->has_pointers = true;
    for (unsigned i = 0; i < ISA_COUNT; i++) {
        shape->sizes[i] = abis->types[i] == NULL ? 0 : abis->types[i]->size;
    }
    *ARENA_APPEND(planner->arena, planner->plan->shapes,
                  planner->plan->n_shapes) = shape;
    counter = shape_counter(shaper, shape, "count", "each");
    counter->count = count;
    member.counter = counter;
    member.shape = shape_make(shaper, &targets, path);
    if (member.shape == NULL) {
        return NULL;
    }
    for (unsigned i = 0; i < ISA_COUNT; i++) {
        shape->alike[i] = member.shape->alike[i];
    }
    shape_places(abis, flats, counts, &member);
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

    shape->name = shape_identifier(shaper, path);
    shape->of = path;
    *ARENA_APPEND(planner->arena, planner->plan->shapes,
                  planner->plan->n_shapes) = shape;
    shape_measure(shaper, shape, abis);
    return shape_member(shaper, shape, NULL, *abis, flats, path) ? shape : NULL;
}

bool shape_is_object(struct shaper *shaper, const struct abis *abis,
                     const char *path)
{
    const struct libc_object *object =
        libc_object_find(abis->types[shape_host(shaper->planner)]);

    if (object == NULL || object->is_handle) {
        return false;
    }
    (void)shape_doubt(shaper, NULL,
                      arena_printf(shaper->planner->arena,
                                   "'%s' is a %s, which is one in its own "
                                   "place alone",
                                   path, object->name));
    return true;
}

const struct plan_shape *shape_make(struct shaper *shaper,
                                    const struct abis *abis, const char *path)
{
    struct abis types = abis_resolve(abis);
    const struct type *host = types.types[shape_host(shaper->planner)];

    if (shape_is_object(shaper, abis, path)) {
        return NULL;
    }
    if (!abis_agree(&types, host)) {
        return shape_doubt(shaper, NULL,
                           arena_printf(shaper->planner->arena,
                                        "'%s' is of another kind", path));
    }
    switch (host->kind) {
    case TYPE_RECORD:
        return record_shape(shaper, &types, path);
    case TYPE_POINTER:
        return pointer_shape(shaper, &types, path);
    case TYPE_ARRAY:
        return host->is_variable
                   ? shape_doubt(shaper, NULL,
                                 arena_printf(shaper->planner->arena,
                                              "'%s' has rows whose length only "
                                              "a call tells",
                                              path))
                   : array_shape(shaper, &types, path);
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
