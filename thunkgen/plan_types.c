/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <string.h>

#include "own_name.h"
#include "planner.h"

const char *planner_c_name(struct planner *planner, const char *symbol,
                           const char *c_name, bool is_usable)
{
    struct plan *plan = planner->plan;
    bool is_known = false;

    if (is_usable && !own_name_of_any(c_name)) {
        return c_name;
    }
    for (size_t i = 0; i < plan->n_names; i++) {
        is_known |= strcmp(plan->names[i].symbol, symbol) == 0;
    }
    if (!is_known) {
        *ARENA_APPEND(planner->arena, plan->names, plan->n_names) =
            (struct plan_name){c_name, symbol};
    }
    return arena_printf(planner->arena, OWN_NAME_SYMBOL "%s", symbol);
}

/* Whether parameter `place` cannot be called that: the names before it are
 * settled, those behind it are as declared. */
static bool name_is_taken(const struct type *function, const char *own_name,
                          const struct plan_parameter *planned, size_t place,
                          const char *name)
{
    if (own_name_of_parameter(name) || strcmp(name, own_name) == 0) {
        return true;
    }
    for (size_t i = 0; i < function->n_parameters; i++) {
        if (i != place &&
            strcmp(i < place ? planned[i].name : function->parameters[i].name,
                   name) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_rows(const struct type *type)
{
    return type->kind == TYPE_POINTER && type->target->kind == TYPE_ARRAY &&
           type->target->is_variable;
}

struct plan_parameter *planner_parameters(struct planner *planner,
                                          const struct type *function,
                                          const char *own_name)
{
    struct plan_parameter *planned =
        arena_alloc(planner->arena, function->n_parameters * sizeof(*planned));

    for (size_t i = 0; i < function->n_parameters; i++) {
        const char *name = function->parameters[i].name;

        while (name_is_taken(function, own_name, planned, i, name)) {
            name = arena_printf(planner->arena, "%s_", name);
        }
        planner->plan->has_rows |= is_rows(function->parameters[i].type);
        planned[i].name = name;
        planned[i].type = function->parameters[i].type;
        planned[i].numbers = planner_numbers(planner, planned[i].type);
    }
    return planned;
}

struct plan_parameter *planner_parameter_named(struct planner *planner,
                                               const struct spec_text *name,
                                               struct plan_function *planned)
{
    const struct type *type = planner->function->type;
    struct arena_text names = {0};

    for (size_t i = 0; i < type->n_parameters; i++) {
        if (strcmp(type->parameters[i].name, name->text) == 0) {
            return &planned->parameters[i];
        }
        arena_text_add(planner->arena, &names, "%s'%s'", i == 0 ? "" : ", ",
                       type->parameters[i].name);
    }
    diag_error(planner->diag, name->where, "spec-parameter",
               "'%s' has no parameter '%s': it has %s", planned->name,
               name->text, names.length == 0 ? "none" : arena_text_get(&names));
    diag_note(planner->diag, planner->function->where, "'%s' is declared here",
              planned->name);
    return NULL;
}

const char *planner_identifier(struct planner *planner, const char *name)
{
    char *text;

    if (strncmp(name, "struct ", 7) == 0) {
        name += 7;
    } else if (strncmp(name, "union ", 6) == 0) {
        name += 6;
    }
    text = arena_strdup(planner->arena, name);
    for (char *c = text; *c != '\0'; c++) {
        if (!isalnum((unsigned char)*c)) {
            *c = '_';
        }
    }
    return text;
}

const char *planner_name_free(struct planner *planner, const char *name)
{
    while (model_function(&planner->input->models[0], name) != NULL) {
        name = arena_printf(planner->arena, "%s_", name);
    }
    return name;
}

/* Whether C can write the type in a declaration of its own. */
static bool type_is_nameable(const struct type *type)
{
    switch (type->kind) {
    case TYPE_ENUM:
    case TYPE_RECORD:
        return type->name != NULL;
    case TYPE_FUNCTION:
        for (size_t i = 0; i < type->n_parameters; i++) {
            if (!type_is_nameable(type->parameters[i].type)) {
                return false;
            }
        }
        return type_is_nameable(type->target);
    case TYPE_ARRAY:
    case TYPE_POINTER:
        return type_is_nameable(type->target);
    default:
        return true;
    }
}

bool planner_value_check(struct planner *planner, const char *what,
                         const struct type *type)
{
    const struct type *resolved = type_resolve(type);

    if (!type_is_nameable(type) ||
        (resolved->kind == TYPE_RECORD && !resolved->record->is_complete)) {
        planner_refuse(
            planner, "type-unnamed",
            arena_printf(planner->arena,
                         "has a %s of a type that C cannot name or that is "
                         "incomplete",
                         what));
        return false;
    }
    switch (resolved->kind) {
    case TYPE_UNKNOWN:
        planner_refuse(
            planner, "type-unknown",
            arena_printf(planner->arena,
                         "has a %s of type '%s', which thunkgen does not "
                         "know",
                         what, resolved->name));
        return false;
    case TYPE_VA_LIST: /* planner_variadic() has told */
        return false;
    default:
        return true;
    }
}

uint64_t planner_frame_size(const struct type *first,
                            const struct type *function,
                            const struct plan_parameter *parameters,
                            bool has_words)
{
    static const struct type pointer = {
        .kind = TYPE_POINTER, .size = 8, .align = 8};
    struct layout_struct layout = {.size = 16, .align = 8}; /* the head */

    if (first != NULL) {
        layout_struct_add(&layout, first);
    }
    for (size_t i = 0; i < function->n_parameters; i++) {
        if (parameters == NULL || parameters[i].pass != PASS_ARGUMENTS) {
            layout_struct_add(&layout, function->parameters[i].type);
        }
    }
    if (has_words) {
        layout_struct_add(&layout, &pointer);
    }
    if (!type_is_void(function->target)) {
        layout_struct_add(&layout, function->target);
    }
    return layout_struct_size(&layout);
}

/* Where in a record its members are looked for. */
struct place {
    const char *path;      /* "" or "ops" */
    const char *condition; /* as plan_member has it */
};

static struct plan_member *member_add(struct planner *planner,
                                      struct plan_record *to,
                                      const struct place *place,
                                      const struct type *pointer)
{
    struct plan_member *member =
        ARENA_APPEND(planner->arena, to->members, to->n_members);

    member->path = place->path;
    member->condition = place->condition;
    member->pointer = pointer;
    return member;
}

static bool is_followed(const struct spec_type *spec, const char *name)
{
    for (size_t i = 0; spec != NULL && i < spec->n_follow; i++) {
        if (spec->follow[i].text != NULL &&
            strcmp(spec->follow[i].text, name) == 0) {
            return true;
        }
    }
    return false;
}

static const char *path_of(struct planner *planner, const char *path,
                           const char *name)
{
    return name[0] == '\0' ? path
                           : arena_printf(planner->arena, "%s%s%s", path,
                                          path[0] == '\0' ? "" : ".", name);
}

static void members_find(struct planner *planner, struct plan_record *to,
                         const struct record *record, struct place place);

static void member_find(struct planner *planner, struct plan_record *to,
                        const struct record *record, const struct field *field,
                        struct place place)
{
    const struct type *meant = planner_member_meant(planner, record, field);
    const struct type *type = type_resolve(meant);
    const struct spec_type *spec = planner_spec_record(planner, record);
    struct plan_member *member;

    place.path = path_of(planner, place.path, field->name);
    if (type_callback(type) != NULL) {
        member = member_add(planner, to, &place, meant);
        member->is_object = type_callback(field->type) == NULL;
    } else if (type->kind == TYPE_ARRAY && type->count > 0 &&
               type_callback(type->target) != NULL) {
        member = member_add(planner, to, &place, type->target);
        member->count = type->count;
    } else if (type->kind == TYPE_RECORD) {
        members_find(planner, to, type->record, place);
    } else if (type->kind == TYPE_POINTER && is_followed(spec, field->name) &&
               type_resolve(type->target)->kind == TYPE_RECORD) {
        member = member_add(planner, to, &place, meant);
        member->follow =
            planner_record_find(planner, type_resolve(type->target)->record);
    }
}

/* The member of a union that is in use in each case. */
static void union_find(struct planner *planner, struct plan_record *to,
                       const struct record *record,
                       const struct spec_union *spec, const struct place *place)
{
    const struct record *of = NULL;
    const char *path = path_of(planner, place->path, spec->name.text);
    const char *by = path_of(planner, place->path, spec->by.text);

    for (size_t i = 0; i < record->n_fields; i++) {
        const struct type *type = type_resolve(record->fields[i].type);

        if (strcmp(record->fields[i].name, spec->name.text) == 0 &&
            type->kind == TYPE_RECORD && type->record->is_union) {
            of = type->record;
        }
    }
    for (size_t i = 0; of != NULL && i < spec->n_cases; i++) {
        struct place inner = {
            .path = path,
            .condition =
                arena_printf(planner->arena, "%s%svalue->%s == %s",
                             place->condition == NULL ? "" : place->condition,
                             place->condition == NULL ? "" : " && ", by,
                             spec->cases[i].name.text),
        };

        for (size_t f = 0; f < of->n_fields; f++) {
            if (strcmp(of->fields[f].name, spec->cases[i].value.text) == 0) {
                member_find(planner, to, of, &of->fields[f], inner);
            }
        }
    }
}

/* Adds the function pointers that lie in a record itself, and those behind
 * pointers that the spec has followed. Which member of a union is in use only
 * the spec can tell: else none is taken. */
static void members_find(struct planner *planner, struct plan_record *to,
                         const struct record *record, struct place place)
{
    const struct spec_type *spec = planner_spec_record(planner, record);

    for (size_t i = 0; !record->is_union && i < record->n_fields; i++) {
        member_find(planner, to, record, &record->fields[i], place);
    }
    for (size_t i = 0; spec != NULL && i < spec->n_unions; i++) {
        union_find(planner, to, record, &spec->unions[i], &place);
    }
}

/* An identifier for the functions of a record; "struct x" and a typedef x of
 * another record may both be there. */
static const char *record_identifier(struct planner *planner,
                                     const struct record *record)
{
    const struct plan *plan = planner->plan;
    const char *name = planner_identifier(planner, record->name);

    for (size_t i = 0; i < plan->n_records; i++) {
        if (strcmp(plan->records[i]->name, name) == 0) {
            name = arena_printf(planner->arena, "%s_", name);
            i = (size_t)-1; /* once more */
        }
    }
    return name;
}

struct plan_record *planner_record_find(struct planner *planner,
                                        const struct record *record)
{
    struct plan *plan = planner->plan;
    struct plan_record *entry = planner->records[record->index];

    if (entry == NULL && record->name != NULL) {
        const struct spec_type *spec = planner_spec_record(planner, record);
        struct place start = {.path = ""};

        entry = arena_alloc(planner->arena, sizeof(*entry));
        entry->name = record_identifier(planner, record);
        entry->record = record;
        planner->records[record->index] = entry; /* may lead back to itself */
        if (spec == NULL || !spec_is_true(&spec->opaque)) {
            members_find(planner, entry, record, start);
        }
        entry->chain = planner_chain(planner, record);
        if (entry->n_members > 0 || entry->chain != NULL) {
            *ARENA_APPEND(planner->arena, plan->records, plan->n_records) =
                entry;
        }
    }
    return entry;
}

static bool record_plan(struct planner *planner,
                        const struct plan_record *entry,
                        enum direction direction);

static bool members_plan(struct planner *planner, struct plan_record *entry,
                         enum direction direction)
{
    bool is_good = true;

    for (size_t i = 0; i < entry->n_members; i++) {
        struct plan_member *member = &entry->members[i];
        const char *place;

        if (member->follow != NULL) {
            if (direction == TO_HOST) {
                is_good &= record_plan(planner, member->follow, TO_HOST);
            }
            continue;
        }
        place =
            arena_printf(planner->arena, "%s_%s", entry->name, member->path);

        member->callback =
            planner_callback(planner, member->pointer, place, direction);
        is_good &= member->callback != NULL;
    }
    return is_good;
}

/* False after an error, which the next function with it has as well. */
static bool record_plan(struct planner *planner,
                        const struct plan_record *found,
                        enum direction direction)
{
    struct plan_record *entry = planner->records[found->record->index];
    bool *is_going =
        direction == TO_HOST ? &entry->is_adopted : &entry->is_given;

    if (!*is_going) {
        *is_going = true;
        *is_going = members_plan(planner, entry, direction);
    }
    return *is_going;
}

const struct plan_record *planner_record(struct planner *planner,
                                         const struct type *type,
                                         enum direction direction)
{
    const struct plan_record *entry;

    type = type_resolve(type);
    if (type->kind != TYPE_RECORD || type->record->name == NULL) {
        return NULL;
    }
    entry = planner_record_find(planner, type->record);
    if (entry->n_members == 0 &&
        (entry->chain == NULL || direction == TO_GUEST)) {
        return NULL;
    }
    return record_plan(planner, entry, direction) ? entry : NULL;
}

void planner_adopt(struct planner *planner, struct plan_parameter *planned)
{
    const struct type *type = type_resolve(planned->type);

    planned->is_pointer = type->kind == TYPE_POINTER;
    planned->record = planner_record(
        planner, planned->is_pointer ? type->target : type, TO_HOST);
    planned->pass = planned->record == NULL ? PASS_VALUE : PASS_ADOPT;
}
