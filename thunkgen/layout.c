/* SPDX-License-Identifier: MIT */
#include "layout.h"

#include <string.h>

/* What is known of a host record. */
enum known { UNKNOWN, VISITED /* by the present function */, EQUAL };

struct layout_comparison {
    struct arena *arena;
    enum known *known[2]; /* by is_value and by the record's index */
    enum known **visited; /* those that are VISITED */
    size_t n_visited;
    struct location where;
    struct layout_difference *difference;

    /* Not behind a pointer, so that a frame holds it: there, long doubles are
     * converted. */
    bool is_value;

    /* Parameters of the function itself that are not looked at, and behind them
     * its result; or NULL. */
    const bool *is_settled;

    const enum libc_owner *owners; /* of libc's objects; or NULL */
};

struct layout_hash {
    uint64_t value;
    size_t *order; /* by the record's index: of its first visit; 0: none yet */
    size_t n_records;
};

struct layout_comparison *layout_comparison_new(struct arena *arena,
                                                const struct model *host)
{
    struct layout_comparison *comparison =
        arena_alloc(arena, sizeof(*comparison));

    comparison->arena = arena;
    for (size_t i = 0; i < 2; i++) {
        comparison->known[i] =
            arena_alloc(arena, host->n_records * sizeof(*comparison->known[i]));
    }
    return comparison;
}

void layout_comparison_libc(struct layout_comparison *comparison,
                            const enum libc_owner *owners)
{
    comparison->owners = owners;
}

static bool differ_in_text(struct layout_comparison *walk, const char *path,
                           const char *what, const char *host,
                           const char *guest)
{
    walk->difference->where = walk->where;
    walk->difference->text =
        arena_printf(walk->arena, "'%s' %s %s on the host, %s in the guest",
                     path, what, host, guest);
    return false;
}

static bool differ(struct layout_comparison *walk, const char *path,
                   const char *what, uint64_t host, uint64_t guest)
{
    return differ_in_text(
        walk, path, what,
        arena_printf(walk->arena, "%llu", (unsigned long long)host),
        arena_printf(walk->arena, "%llu", (unsigned long long)guest));
}

static bool types_equal(struct layout_comparison *walk, const char *path,
                        const struct type *host, const struct type *guest);

static const char *field_title(const struct field *field)
{
    return field->name[0] == '\0' ? "nothing" : field->name;
}

static bool fields_equal(struct layout_comparison *walk, const char *path,
                         const struct field *host, const struct field *guest)
{
    path = arena_printf(walk->arena, "%s.%s", path, host->name);
    walk->where = host->where;
    if (strcmp(host->name, guest->name) != 0) {
        return differ_in_text(walk, path, "is called", field_title(host),
                              field_title(guest));
    }
    if (host->offset != guest->offset) {
        return differ(walk, path, "is at bit", host->offset, guest->offset);
    }
    if (host->width != guest->width) {
        return differ(walk, path, "has bits:", (uint64_t)host->width,
                      (uint64_t)guest->width);
    }
    return types_equal(walk, path, host->type, guest->type);
}

static const char *record_kind(const struct record *record)
{
    if (!record->is_complete) {
        return "incomplete";
    }
    return record->is_union ? "a union" : "a struct";
}

static bool records_equal_inside(struct layout_comparison *walk,
                                 const char *path, const struct record *host,
                                 const struct record *guest)
{
    walk->where = host->where;
    if (host->name != NULL) {
        path = host->name;
    }
    if (host->is_union != guest->is_union ||
        host->is_complete != guest->is_complete) {
        return differ_in_text(walk, path, "is", record_kind(host),
                              record_kind(guest));
    }
    if (host->n_fields != guest->n_fields) {
        return differ(walk, path, "has members:", host->n_fields,
                      guest->n_fields);
    }
    for (size_t i = 0; i < host->n_fields; i++) {
        if (!fields_equal(walk, path, &host->fields[i], &guest->fields[i])) {
            return false;
        }
    }
    if (host->align != guest->align) {
        return differ(walk, path, "has alignment", host->align, guest->align);
    }
    return host->size == guest->size ||
           differ(walk, path, "has size", host->size, guest->size);
}

static bool records_equal(struct layout_comparison *walk, const char *path,
                          const struct record *host, const struct record *guest)
{
    /* What is good as a value may not be so in memory. */
    bool is_value = walk->is_value;
    enum known *known = &walk->known[is_value][host->index];
    bool is_equal;

    if (*known != UNKNOWN) {
        return true;
    }
    *known = VISITED;
    *ARENA_APPEND(walk->arena, walk->visited, walk->n_visited) = known;
    /* Which member of a union is in use only the program knows. */
    walk->is_value = is_value && !host->is_union;
    is_equal = records_equal_inside(walk, path, host, guest);
    walk->is_value = is_value;
    return is_equal;
}

static bool functions_equal(struct layout_comparison *walk, const char *path,
                            const struct type *host, const struct type *guest)
{
    const bool *is_settled = walk->is_settled;

    walk->is_settled = NULL; /* not of those behind it */
    if (host->n_parameters != guest->n_parameters) {
        return differ(walk, path, "has parameters:", host->n_parameters,
                      guest->n_parameters);
    }
    if (host->is_variadic != guest->is_variadic) {
        return differ_in_text(walk, path, "is",
                              host->is_variadic ? "variadic" : "not variadic",
                              guest->is_variadic ? "variadic" : "not");
    }
    for (size_t i = 0; i < host->n_parameters; i++) {
        const struct type *a = host->parameters[i].type;
        const struct type *b = guest->parameters[i].type;
        const char *inner =
            arena_printf(walk->arena, "%s(%s)", path, host->parameters[i].name);

        if (is_settled != NULL && is_settled[i]) {
            continue;
        }
        /* A va_list itself never crosses. */
        if (type_resolve(a)->kind == TYPE_VA_LIST &&
            type_resolve(b)->kind == TYPE_VA_LIST) {
            continue;
        }
        if (!types_equal(walk, inner, a, b)) {
            return false;
        }
    }
    return (is_settled != NULL && is_settled[host->n_parameters]) ||
           types_equal(walk, arena_printf(walk->arena, "%s()", path),
                       host->target, guest->target);
}

static const char *kind_name(enum type_kind kind)
{
    static const char *const names[] = {
        [TYPE_VOID] = "void",
        [TYPE_INTEGER] = "an integer",
        [TYPE_FLOAT] = "a float",
        [TYPE_COMPLEX] = "a complex number",
        [TYPE_VECTOR] = "a vector",
        [TYPE_ENUM] = "an enum",
        [TYPE_POINTER] = "a pointer",
        [TYPE_ARRAY] = "an array",
        [TYPE_RECORD] = "a record",
        [TYPE_FUNCTION] = "a function",
        [TYPE_TYPEDEF] = "a typedef",
        [TYPE_VA_LIST] = "a va_list",
        [TYPE_UNKNOWN] = "something else",
    };

    return names[kind];
}

/* The object of libc's that a type is, which is not looked into. */
static const struct libc_object *object_of(const struct layout_comparison *walk,
                                           const struct type *type)
{
    return walk->owners == NULL ? NULL : libc_object_find(type);
}

/* One in its place, whatever is in it. */
static bool objects_equal(struct layout_comparison *walk, const char *path,
                          enum libc_owner owner, const struct type *host,
                          const struct type *guest)
{
    if (owner == LIBC_UNSETTLED) {
        return true;
    }
    if (host->size != guest->size) {
        return differ(walk, path, "has size", host->size, guest->size);
    }
    return host->align == guest->align ||
           differ(walk, path, "has alignment", host->align, guest->align);
}

/* The parameters of a function pointer that crosses in a frame do so
 * themselves, when it is called. */
static bool pointers_equal(struct layout_comparison *walk, const char *path,
                           const struct type *host, const struct type *guest)
{
    const struct libc_object *object = object_of(walk, host);
    bool is_value = walk->is_value;
    bool is_equal;

    if (object != NULL &&
        walk->owners[libc_object_index(object)] == LIBC_PROGRAM) {
        return true;
    }
    walk->is_value = is_value && type_resolve(host)->kind == TYPE_FUNCTION;
    is_equal = types_equal(walk, path, host, guest);
    walk->is_value = is_value;
    return is_equal;
}

static bool type_is_wide(const struct type *type)
{
    while (type->kind == TYPE_TYPEDEF && strcmp(type->name, "wchar_t") != 0) {
        type = type->target;
    }
    return type->kind == TYPE_TYPEDEF;
}

static bool types_equal(struct layout_comparison *walk, const char *path,
                        const struct type *host, const struct type *guest)
{
    bool is_wide = type_is_wide(host) && type_is_wide(guest);
    const struct libc_object *object = object_of(walk, host);

    if (object != NULL && object == libc_object_find(guest)) {
        return objects_equal(
            walk, path, walk->owners[libc_object_index(object)], host, guest);
    }
    if (type_convention(host) == NULL && type_convention(guest) != NULL) {
        return differ_in_text(walk, path, "is called as", "the ABI has it",
                              type_convention(guest));
    }
    host = type_resolve(host);
    guest = type_resolve(guest);
    if (host->kind != guest->kind) {
        return differ_in_text(walk, path, "is", kind_name(host->kind),
                              kind_name(guest->kind));
    }
    switch (host->kind) {
    case TYPE_POINTER:
        return pointers_equal(walk, path, host->target, guest->target);
    case TYPE_FUNCTION:
        return functions_equal(walk, path, host, guest);
    case TYPE_RECORD:
        return records_equal(walk, path, host->record, guest->record);
    case TYPE_UNKNOWN: /* nothing says that they are the same */
        return differ_in_text(walk, path,
                              "is a type that thunkgen does not "
                              "know:",
                              host->name, guest->name);
    case TYPE_ARRAY:
    case TYPE_VECTOR:
    case TYPE_COMPLEX:
        if (host->count != guest->count) {
            return differ(walk, path, "has elements:", host->count,
                          guest->count);
        }
        if (!types_equal(walk, path, host->target, guest->target)) {
            return false;
        }
        break; /* vectors have an alignment of their own */
    default:
        break;
    }
    if (host->size != guest->size) {
        return differ(walk, path, "has size", host->size, guest->size);
    }
    if (host->align != guest->align) {
        return differ(walk, path, "has alignment", host->align, guest->align);
    }
    /* A lone byte crosses as it is, whatever sign plain char has; so does a
     * wide character. */
    if (host->size > 1 && !is_wide && host->is_signed != guest->is_signed) {
        return differ_in_text(walk, path, "is",
                              host->is_signed ? "signed" : "unsigned",
                              guest->is_signed ? "signed" : "unsigned");
    }
    if (walk->is_value && type_is_long_double(host) &&
        type_is_long_double(guest)) {
        return true;
    }
    if (host->kind == TYPE_FLOAT && strcmp(host->format, guest->format) != 0) {
        return differ_in_text(walk, path, "has format", host->format,
                              guest->format);
    }
    return true;
}

static bool compare(struct layout_comparison *comparison, const char *name,
                    const struct type *host, const struct type *guest,
                    bool is_value, struct layout_difference *difference)
{
    bool is_equal;

    comparison->difference = difference;
    comparison->n_visited = 0;
    comparison->is_value = is_value;
    is_equal = types_equal(comparison, name, host, guest);
    /* Records that refer to each other are equal only if all of them are. */
    for (size_t i = 0; i < comparison->n_visited; i++) {
        *comparison->visited[i] = is_equal ? EQUAL : UNKNOWN;
    }
    return is_equal;
}

bool layout_equal(struct layout_comparison *comparison,
                  const struct function *host, const struct function *guest,
                  struct layout_difference *difference)
{
    return layout_equal_but(comparison, host, guest, NULL, difference);
}

bool layout_equal_but(struct layout_comparison *comparison,
                      const struct function *host, const struct function *guest,
                      const bool *is_settled,
                      struct layout_difference *difference)
{
    comparison->where = host->where;
    comparison->is_settled = is_settled;
    return compare(comparison, host->name, host->type, guest->type, true,
                   difference);
}

bool layout_parameter_equal(struct layout_comparison *comparison,
                            const struct function *host,
                            const struct function *guest, size_t parameter,
                            struct layout_difference *difference)
{
    const struct parameter *of = &host->type->parameters[parameter];

    comparison->where = host->where;
    return compare(
        comparison,
        arena_printf(comparison->arena, "%s(%s)", host->name, of->name),
        of->type, guest->type->parameters[parameter].type, true, difference);
}

bool layout_memory_equal(struct layout_comparison *comparison,
                         struct location where, const char *name,
                         const struct type *host, const struct type *guest,
                         struct layout_difference *difference)
{
    comparison->where = where;
    return compare(comparison, name, host, guest, false, difference);
}

bool layout_types_equal(struct layout_comparison *comparison, const char *name,
                        const struct type *host, const struct type *guest,
                        struct layout_difference *difference)
{
    return compare(comparison, name, host, guest, true, difference);
}

struct layout_hash *layout_hash_new(struct arena *arena,
                                    const struct model *model)
{
    struct layout_hash *hash = arena_alloc(arena, sizeof(*hash));

    hash->value = 0xcbf29ce484222325u;
    hash->order = arena_alloc(arena, model->n_records * sizeof(*hash->order));
    return hash;
}

/* FNV-1a, 64 bits. */
static void hash_byte(struct layout_hash *hash, unsigned char byte)
{
    hash->value = (hash->value ^ byte) * 0x100000001b3u;
}

void layout_hash_text(struct layout_hash *hash, const char *text)
{
    do { /* the end, too, so that two texts are not one */
        hash_byte(hash, (unsigned char)*text);
    } while (*text++ != '\0');
}

static void hash_number(struct layout_hash *hash, uint64_t number)
{
    for (unsigned shift = 0; shift < 64; shift += 8) {
        hash_byte(hash, (unsigned char)(number >> shift));
    }
}

static void hash_record(struct layout_hash *hash, const struct record *record)
{
    size_t *order = &hash->order[record->index];
    bool is_new = *order == 0;

    if (is_new) {
        *order = ++hash->n_records;
    }
    hash_number(hash, *order);
    if (!is_new) {
        return;
    }
    hash_number(hash, record->is_complete);
    hash_number(hash, record->is_union);
    hash_number(hash, record->size);
    hash_number(hash, record->align);
    hash_number(hash, record->n_fields);
    for (size_t i = 0; i < record->n_fields; i++) {
        hash_number(hash, record->fields[i].offset);
        hash_number(hash, (uint64_t)record->fields[i].width);
        layout_hash_type(hash, record->fields[i].type);
    }
}

/* What is inside libc's objects is libc's alone, and another in each version of
 * it. */
void layout_hash_type(struct layout_hash *hash, const struct type *type)
{
    const struct libc_object *object = libc_object_find(type);

    if (object != NULL) {
        layout_hash_text(hash, object->name);
        return;
    }
    type = type_resolve(type);
    hash_number(hash, type->kind);
    switch (type->kind) {
    case TYPE_POINTER:
        layout_hash_type(hash, type->target);
        break;
    case TYPE_ARRAY:
    case TYPE_VECTOR:
    case TYPE_COMPLEX:
        hash_number(hash, type->count);
        layout_hash_type(hash, type->target);
        break;
    case TYPE_FUNCTION:
        hash_number(hash, type->n_parameters);
        for (size_t i = 0; i < type->n_parameters; i++) {
            layout_hash_type(hash, type->parameters[i].type);
        }
        hash_number(hash, type->is_variadic);
        layout_hash_type(hash, type->target);
        break;
    case TYPE_RECORD:
        hash_record(hash, type->record);
        break;
    default:
        hash_number(hash, type->size);
        hash_number(hash, type->align);
        hash_number(hash, type->size > 1 && type->is_signed);
        layout_hash_text(hash, type->format == NULL ? "" : type->format);
        break;
    }
}

void layout_hash_function(struct layout_hash *hash,
                          const struct function *function)
{
    layout_hash_text(hash, function->name);
    layout_hash_type(hash, function->type);
}

uint64_t layout_hash_value(const struct layout_hash *hash)
{
    return hash->value;
}

void layout_struct_add(struct layout_struct *layout, const struct type *type)
{
    uint64_t align = type->align == 0 ? 1 : type->align;

    layout->size = (layout->size + align - 1) / align * align + type->size;
    layout->align = align > layout->align ? align : layout->align;
}

uint64_t layout_struct_size(const struct layout_struct *layout)
{
    uint64_t align = layout->align == 0 ? 1 : layout->align;

    return (layout->size + align - 1) / align * align;
}
