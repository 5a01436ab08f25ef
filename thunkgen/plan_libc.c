/* SPDX-License-Identifier: MIT
 *
 * Objects of libc's that a library's interface has. Guest and host each have a
 * libc, and one's locale_t or mutex is nothing to the other; nothing in a
 * header tells whether both sides use it. So the spec has to, or it is refused,
 * wherever it is reached: what is behind a pointer in a struct crosses as well.
 */
#include <string.h>

#include "cdecl.h"
#include "planner.h"

/* Where the walk is: what a message calls the place. */
struct step {
    enum {
        STEP_PARAMETER, /* of the function itself */
        STEP_RESULT,
        STEP_INNER_PARAMETER, /* of a function that it takes or gives out */
        STEP_INNER_RESULT,
        STEP_MEMBER,
        STEP_TYPE, /* what it is all about, if it is no function */
    } kind;
    const char *name; /* of the parameter or member; "is a variable" */
    const char *of;   /* the record of a member */
    const struct type *type;
};

struct walk {
    struct planner *planner;
    struct location start; /* of what refers to them */
    struct location where; /* of the present member */
    const char *title;     /* of the function; NULL: it is a type of the spec */
    size_t *visited;       /* indexes of records */
    size_t n_visited;
    bool is_found[LIBC_OBJECT_COUNT];
    size_t n_found;
};

static void type_walk(struct walk *walk, const struct step *step,
                      const struct type *type);

static const char *step_text(struct arena *arena, const struct step *step)
{
    const char *type = cdecl_declare_variable(arena, step->type, "");

    switch (step->kind) {
    case STEP_PARAMETER:
        return arena_printf(arena, "has a parameter '%s' of type %s",
                            step->name, type);
    case STEP_RESULT:
        return arena_printf(arena, "has a result of type %s", type);
    case STEP_INNER_PARAMETER:
        return arena_printf(arena,
                            "reaches a function with a parameter '%s' of "
                            "type %s",
                            step->name, type);
    case STEP_INNER_RESULT:
        return arena_printf(arena,
                            "reaches a function with a result of type "
                            "%s",
                            type);
    case STEP_MEMBER:
        return arena_printf(arena, "reaches '%s.%s' of type %s", step->of,
                            step->name, type);
    default:
        return arena_printf(arena, "%s of type %s", step->name, type);
    }
}

/* The lines that settle it: what is mostly so comes first. */
static const char *settling(struct arena *arena,
                            const struct libc_object *object)
{
    const char *first = object->usual == LIBC_LIBRARY ? "library" : "program";
    const char *second = object->usual == LIBC_LIBRARY ? "program" : "library";

    return arena_printf(arena,
                        "if the %s alone uses those that it meets, write "
                        "'libc: {%s: %s}' in the spec; if the %s alone, "
                        "'libc: {%s: %s}'",
                        first, object->name, first, second, object->name,
                        second);
}

static void object_refuse(struct walk *walk, const struct step *step,
                          const struct libc_object *object)
{
    struct planner *planner = walk->planner;
    struct arena *arena = planner->arena;
    const char *what = arena_printf(arena,
                                    "%s, and a %s is of use only to the libc "
                                    "that made it, the guest's or the host's",
                                    step_text(arena, step), object->name);

    if (walk->title == NULL) {
        diag_error(planner->diag, walk->start, "libc-object",
                   "the type %s; %s, or leave out the functions with it, with "
                   "'omit:'",
                   what, settling(arena, object));
    } else {
        diag_about(planner->diag, walk->title);
        diag_error(planner->diag, walk->start, "libc-object",
                   "'%s' %s; %s; to leave it out of the thunk, 'omit: [%s]'",
                   walk->title, what, settling(arena, object), walk->title);
    }
    if (walk->where.file != NULL && step->kind == STEP_MEMBER) {
        diag_note(planner->diag, walk->where, "the member is declared here");
    }
    if (walk->title != NULL) {
        diag_yaml(planner->diag, "omit: [%s]", walk->title);
    }
}

static void object_meet(struct walk *walk, const struct step *step,
                        const struct libc_object *object)
{
    size_t index = libc_object_index(object);

    walk->planner->is_object_met[index] = true;
    if (walk->planner->owners[index] != LIBC_UNSETTLED ||
        walk->is_found[index]) {
        return;
    }
    walk->is_found[index] = true;
    walk->n_found++;
    object_refuse(walk, step, object);
}

/* Streams are bridged as parameters and results, those of callbacks as well,
 * and in variables. */
static bool file_meet(struct planner *planner, const struct type *type)
{
    if (!planner_is_file(planner, type)) {
        return false;
    }
    planner->is_object_met[libc_object_index(libc_object_named("FILE"))] = true;
    return true;
}

static bool file_place_meet(struct planner *planner,
                            const struct parameter *parameter)
{
    return planner_is_file_place(planner, parameter) &&
           file_meet(planner, type_resolve(parameter->type)->target);
}

static bool record_is_opaque(struct planner *planner,
                             const struct record *record)
{
    const struct spec_type *spec = planner_spec_record(planner, record);

    return spec != NULL && spec_is_true(&spec->opaque);
}

/* `is_read`: the host gets a copy, with its own streams in it. */
static void fields_walk(struct walk *walk, const struct record *record,
                        bool is_read)
{
    struct planner *planner = walk->planner;
    struct location outside = walk->where;

    for (size_t i = 0; i < record->n_fields; i++) {
        const struct field *field = &record->fields[i];
        const struct step step = {
            .kind = STEP_MEMBER,
            .name = field->name,
            .of = record->name == NULL ? "struct" : record->name,
            .type = field->type,
        };

        walk->where = field->where;
        if (!is_read || !planner_is_file_member(planner, field) ||
            !file_meet(planner, field->type)) {
            type_walk(walk, &step,
                      planner_member_meant(planner, record, field));
        }
    }
    walk->where = outside;
}

static void record_walk(struct walk *walk, const struct record *record)
{
    struct planner *planner = walk->planner;

    if (planner->is_objectless[record->index]) {
        return;
    }
    planner->is_objectless[record->index] = true;
    *ARENA_APPEND(planner->arena, walk->visited, walk->n_visited) =
        record->index;
    if (record_is_opaque(planner, record)) {
        return;
    }
    fields_walk(walk, record, false);
}

static void function_walk(struct walk *walk, const struct type *function)
{
    for (size_t i = 0; i < function->n_parameters; i++) {
        const struct parameter *parameter = &function->parameters[i];
        const struct step step = {
            .kind = STEP_INNER_PARAMETER,
            .name = parameter->name,
            .type = parameter->declared,
        };

        if (!file_meet(walk->planner, parameter->type)) {
            type_walk(walk, &step, parameter->declared);
        }
    }
    if (!file_meet(walk->planner, function->target)) {
        type_walk(
            walk,
            &(struct step){.kind = STEP_INNER_RESULT, .type = function->target},
            function->target);
    }
}

static void type_walk(struct walk *walk, const struct step *step,
                      const struct type *type)
{
    const struct libc_object *object = libc_object_find(type);

    /* As themselves handles are converted, not behind pointers or in structs.
     */
    if (type == step->type && step->kind != STEP_MEMBER &&
        planner_is_handle(walk->planner, type)) {
        return;
    }
    if (object != NULL) {
        object_meet(walk, step, object);
        return;
    }
    type = type_resolve(type);
    switch (type->kind) {
    case TYPE_POINTER:
    case TYPE_ARRAY:
        type_walk(walk, step, type->target);
        break;
    case TYPE_FUNCTION:
        function_walk(walk, type);
        break;
    case TYPE_RECORD:
        record_walk(walk, type->record);
        break;
    default:
        break;
    }
}

static void walk_end(struct walk *walk)
{
    /* The next function that reaches one of them has the same error. */
    for (size_t i = 0; walk->n_found > 0 && i < walk->n_visited; i++) {
        walk->planner->is_objectless[walk->visited[i]] = false;
    }
}

/* A parameter that the spec calls a handle, whatever its type says. */
static bool parameter_is_handle(const struct planner *planner, const char *name)
{
    const struct spec_function *spec =
        spec_function_find(planner->input->spec, planner->function->name);

    for (size_t i = 0; spec != NULL && i < spec->n_handles; i++) {
        if (strcmp(spec->handles[i].of.text, name) == 0) {
            return true;
        }
    }
    return false;
}

/* Of a record that is only read the host gets a copy. */
static void parameter_walk(struct walk *walk, const struct step *step,
                           const struct parameter *parameter)
{
    struct planner *planner = walk->planner;
    const struct record *record = planner_record_read(parameter->type);

    if (record != NULL && planner_has_file_member(planner, record) &&
        !record_is_opaque(planner, record)) {
        fields_walk(walk, record, true);
    } else {
        type_walk(walk, step, parameter->declared);
    }
}

void planner_libc_check(struct planner *planner)
{
    const struct function *function = planner->function;
    const struct type *result = function->type->target;
    struct walk walk = {
        .planner = planner, .start = function->where, .title = function->name};

    for (size_t i = 0; i < function->type->n_parameters; i++) {
        const struct parameter *parameter = &function->type->parameters[i];
        const struct step step = {
            .kind = STEP_PARAMETER,
            .name = parameter->name,
            .type = parameter->declared,
        };

        if (!parameter_is_handle(planner, parameter->name) &&
            !file_meet(planner, parameter->type) &&
            !file_place_meet(planner, parameter)) {
            parameter_walk(&walk, &step, parameter);
        }
    }
    if (!file_meet(planner, result)) {
        type_walk(&walk, &(struct step){.kind = STEP_RESULT, .type = result},
                  result);
    }
    walk_end(&walk);
}

void planner_libc_check_type(struct planner *planner, const char *what,
                             const struct type *type)
{
    struct walk walk = {.planner = planner,
                        .start = planner->function->where,
                        .title = planner->function->name};

    if (!file_meet(planner, type)) {
        type_walk(&walk,
                  &(struct step){.kind = STEP_TYPE, .name = what, .type = type},
                  type);
        walk_end(&walk);
    }
}

/* ---- what the spec says ---- */

void planner_libc_start(struct planner *planner)
{
    const struct spec *spec = planner->input->spec;

    for (size_t i = 0; i < spec->n_libc; i++) {
        const struct spec_pair *pair = &spec->libc[i];
        const struct libc_object *object = libc_object_named(pair->name.text);

        if (object == NULL) {
            diag_error(planner->diag, pair->name.where, "spec-libc",
                       "'%s' is no type of libc's that means something only "
                       "there: correct the name, or remove it from 'libc'",
                       pair->name.text);
            continue;
        }
        planner->owners[libc_object_index(object)] =
            strcmp(pair->value.text, "library") == 0 ? LIBC_LIBRARY
                                                     : LIBC_PROGRAM;
    }
}

/* Structs are reached by functions or by chains; what is left are callbacks and
 * lists of arguments. */
static void spec_types_check(struct planner *planner)
{
    const struct plan_input *input = planner->input;

    for (size_t i = 0; i < input->spec->n_c_types; i++) {
        const struct type *type = input->models[0].c_types[i];
        struct walk walk = {.planner = planner,
                            .start = input->spec->c_types[i].where};

        if (type != NULL && type_resolve(type)->kind != TYPE_RECORD &&
            !file_meet(planner, type)) {
            type_walk(
                &walk,
                &(struct step){.kind = STEP_TYPE, .name = "is", .type = type},
                type);
            walk_end(&walk);
        }
    }
}

void planner_libc_spec_check(struct planner *planner)
{
    const struct spec *spec = planner->input->spec;

    spec_types_check(planner);
    for (size_t i = 0; i < spec->n_libc; i++) {
        const struct spec_text *name = &spec->libc[i].name;
        const struct libc_object *object = libc_object_named(name->text);

        if (object != NULL && !planner->input->models[0].is_broken &&
            !planner->is_object_met[libc_object_index(object)]) {
            diag_error(planner->diag, name->where, "spec-libc",
                       "nothing in the library's interface is or reaches a "
                       "%s: remove it from 'libc'",
                       name->text);
        }
    }
}
