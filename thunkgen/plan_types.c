/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <string.h>

#include "planner.h"

/* Names that generated functions use themselves. */
static bool name_is_reserved(const char *name)
{
    static const char *const reserved[] = {
        "arguments", "entries", "frame",  "free",  "function",
        "head",      "library", "real",   "reals", "result",
        "runners",   "symbols", "target", "text",  "value",
    };

    for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++) {
        if (strcmp(name, reserved[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether parameter `place` cannot be called that: the names before it are
 * settled, those behind it are as declared. */
static bool name_is_taken(const struct type *function, const char *own_name,
                          const struct plan_parameter *planned, size_t place,
                          const char *name)
{
    if (name_is_reserved(name) || strcmp(name, own_name) == 0) {
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
        planned[i].name = name;
        planned[i].type = function->parameters[i].type;
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

/* What the program calls a type whose objects only the libc that made them can
 * use; NULL for all others. Guest and host each have a libc. */
static const char *libc_object(const struct type *type)
{
    static const struct {
        const char *record, *name;
    } objects[] = {
        {"struct _IO_FILE", "FILE *"},
        {"struct __dirstream", "DIR *"},
        {"struct __locale_struct", "locale_t"},
    };

    type = type_resolve(type);
    if (type->kind != TYPE_POINTER) {
        return NULL;
    }
    type = type_resolve(type->target);
    for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]); i++) {
        if (type->kind == TYPE_RECORD && type->record->name != NULL &&
            strcmp(type->record->name, objects[i].record) == 0) {
            return objects[i].name;
        }
    }
    return NULL;
}

bool planner_value_check(struct planner *planner, const char *what,
                         const struct type *type)
{
    const struct type *resolved = type_resolve(type);
    const char *object = libc_object(type);

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
    if (object != NULL) {
        planner_refuse(
            planner, "libc-object",
            arena_printf(planner->arena,
                         "has a %s of type %s, which only the libc that made "
                         "it can use, the guest's or the host's",
                         what, object));
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
                            const struct plan_parameter *parameters)
{
    struct layout_struct layout = {.size = 16, .align = 8}; /* the head */

    if (first != NULL) {
        layout_struct_add(&layout, first);
    }
    for (size_t i = 0; i < function->n_parameters; i++) {
        if (parameters == NULL || parameters[i].pass != PASS_ARGUMENTS) {
            layout_struct_add(&layout, function->parameters[i].type);
        }
    }
    if (!type_is_void(function->target)) {
        layout_struct_add(&layout, function->target);
    }
    return layout_struct_size(&layout);
}

static void member_add(struct planner *planner, struct plan_record *to,
                       const struct type *pointer, const char *path,
                       uint64_t count)
{
    struct plan_member *member =
        ARENA_APPEND(planner->arena, to->members, to->n_members);

    member->path = path;
    member->count = count;
    member->pointer = pointer;
}

/* Adds the function pointers that lie in a record itself, not behind pointers.
 * Which member of a union is in use only the program knows: none is taken. */
static void members_find(struct planner *planner, struct plan_record *to,
                         const struct record *record, const char *path)
{
    for (size_t i = 0; !record->is_union && i < record->n_fields; i++) {
        const struct field *field = &record->fields[i];
        const struct type *type = type_resolve(field->type);
        const char *inner = path;

        if (field->name[0] != '\0') {
            inner = arena_printf(planner->arena, "%s%s%s", path,
                                 path[0] == '\0' ? "" : ".", field->name);
        }
        if (type_callback(type) != NULL) {
            member_add(planner, to, field->type, inner, 0);
        } else if (type->kind == TYPE_ARRAY && type->count > 0 &&
                   type_callback(type->target) != NULL) {
            member_add(planner, to, type->target, inner, type->count);
        } else if (type->kind == TYPE_RECORD) {
            members_find(planner, to, type->record, inner);
        }
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

static struct plan_record *record_find(struct planner *planner,
                                       const struct record *record)
{
    struct plan *plan = planner->plan;
    struct plan_record *entry = planner->records[record->index];

    if (entry == NULL) {
        entry = arena_alloc(planner->arena, sizeof(*entry));
        entry->name = record_identifier(planner, record);
        entry->record = record;
        members_find(planner, entry, record, "");
        planner->records[record->index] = entry;
        entry->chain = planner_chain(planner, record);
        if (entry->n_members > 0 || entry->chain != NULL) {
            *ARENA_APPEND(planner->arena, plan->records, plan->n_records) =
                entry;
        }
    }
    return entry;
}

static bool members_plan(struct planner *planner, struct plan_record *entry,
                         enum direction direction)
{
    bool is_good = true;

    for (size_t i = 0; i < entry->n_members; i++) {
        struct plan_member *member = &entry->members[i];
        const char *place =
            arena_printf(planner->arena, "%s_%s", entry->name, member->path);

        member->callback =
            planner_callback(planner, member->pointer, place, direction);
        is_good &= member->callback != NULL;
    }
    return is_good;
}

const struct plan_record *planner_record(struct planner *planner,
                                         const struct type *type,
                                         enum direction direction)
{
    struct plan_record *entry;
    bool *is_going;

    type = type_resolve(type);
    if (type->kind != TYPE_RECORD || type->record->name == NULL) {
        return NULL;
    }
    entry = record_find(planner, type->record);
    if (entry->n_members == 0 &&
        (entry->chain == NULL || direction == TO_GUEST)) {
        return NULL;
    }
    is_going = direction == TO_HOST ? &entry->is_adopted : &entry->is_given;
    if (!*is_going) {
        *is_going = true;
        *is_going = members_plan(planner, entry, direction);
    }
    return *is_going ? entry : NULL; /* the next with it has the same error */
}

void planner_adopt(struct planner *planner, struct plan_parameter *planned)
{
    const struct type *type = type_resolve(planned->type);

    planned->is_pointer = type->kind == TYPE_POINTER;
    planned->record = planner_record(
        planner, planned->is_pointer ? type->target : type, TO_HOST);
    planned->pass = planned->record == NULL ? PASS_VALUE : PASS_ADOPT;
}
