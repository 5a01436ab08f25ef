/* SPDX-License-Identifier: MIT
 *
 * What the files of the planner share: plan.c decides what
 * is carried over, plan_function.c how a function is,
 * plan_types.c about what they pass, plan_compiler.c about what compilers
 * disagree on, plan_number.c about long doubles by value, plan_convert.c,
 * plan_convert_result.c, plan_flow.c, plan_shape.c and plan_member.c about
 * memory that differs,
 * plan_pin.c about what compilers confirm, plan_data.c about variables,
 * plan_callback.c about function pointers, plan_stub.c about those that the
 * library puts into structs, plan_handle.c about what each side has of its own,
 * plan_libc.c about objects of libc's, plan_heap.c about what is freed,
 * plan_format.c about printf-like ones, plan_chain.c about structs that hang on
 * others, plan_variadic.c about other lists of arguments, plan_trace.c about
 * how calls are shown; plan_spec.c knows what the spec says of types.
 */
#ifndef THUNKGEN_PLANNER_H
#define THUNKGEN_PLANNER_H

#include "layout.h"
#include "plan.h"

struct planner {
    struct arena *arena;
    struct diag *diag;
    const struct plan_input *input;
    struct plan *plan;
    const struct function *function; /* in work, for messages */
    struct layout_hash *hash;
    struct layout_comparison **comparisons; /* with each guest's model */

    /* By the index of the host model's records. */
    struct plan_record **records; /* without members, too; NULL: not met */
    bool *is_pinned;
    bool *is_agreed;            /* by all compilers, so far */
    struct plan_shape **shapes; /* of those that differ; NULL: not met */

    /* By the parameters of the function in work: what is to be said of their
     * layouts has been said. */
    bool *is_settled;

    bool *is_handled; /* by the index of the spec's handles: met */

    /* By the index of libc's objects: as the spec tells, and whether anything
     * reaches one. */
    enum libc_owner owners[LIBC_OBJECT_COUNT];
    bool is_object_met[LIBC_OBJECT_COUNT];
    bool *is_objectless; /* by the host's records: none is reached, so far */

    bool *is_format_met; /* by the index of the spec's formats */

    /* Exported names that no header declares, and where they stand; NULL where
     * there is no such name. */
    const char *const *mentioned;
    const struct mention *mentions;
    size_t n_mentioned;
};

/* Looks for what the library exports and no header declares in their text. */
void planner_mentions(struct planner *planner);

/* Adds where the symbol stands to the message that was told last. */
void planner_mention_note(struct planner *planner, const char *symbol);

/* Adds to that message which symbol a header has under that name by a label of
 * __asm__. False: none. */
bool planner_label_note(struct planner *planner, const char *c_name);

/* Tells that the function in work cannot be carried over: "'name' <what>". */
void planner_refuse(struct planner *planner, const char *check,
                    const char *what);

/* The parameters of a function as the generated code can write them; one that
 * is called what the function is would hide it. */
struct plan_parameter *planner_parameters(struct planner *planner,
                                          const struct type *function,
                                          const char *own_name);

/* The parameter that the spec calls so; NULL after an error. */
struct plan_parameter *planner_parameter_named(struct planner *planner,
                                               const struct spec_text *name,
                                               struct plan_function *planned);

/* Whether a value of this type can be a member of a frame; else refuses. `what`
 * is "result" or "parameter 'name'". */
bool planner_value_check(struct planner *planner, const char *what,
                         const struct type *type);

/* Whether it is a FILE * for which the other side has a stream of its own. */
bool planner_is_file(const struct planner *planner, const struct type *type);

/* The same of a parameter that points to one, `FILE **`. */
bool planner_is_file_place(const struct planner *planner,
                           const struct parameter *parameter);

/* Plans such a parameter, or refuses it where nothing tells whether the
 * function reads or writes there. */
void planner_file_place(struct planner *planner,
                        const struct parameter *parameter,
                        struct plan_parameter *planned);

/* Whether a member is one that can be another in a copy of its record. */
bool planner_is_file_member(const struct planner *planner,
                            const struct field *field);
bool planner_has_file_member(const struct planner *planner,
                             const struct record *record);

/* Of a parameter that points to such a record, of which the host gets a copy:
 * refuses it where nothing tells that it is one alone. */
void planner_file_record(struct planner *planner,
                         const struct parameter *parameter,
                         const struct record *record);

/* The record behind a pointer through which nothing is written, `const struct x
 * *`; else NULL. */
const struct record *planner_record_read(const struct type *type);

/* Reads what the spec says of libc's objects. */
void planner_libc_start(struct planner *planner);

/* Refuses the function in work for each kind of libc's objects that it reaches
 * and nothing settles. */
void planner_libc_check(struct planner *planner);

/* The same of a type that it is about; `what` is "is a variable". */
void planner_libc_check_type(struct planner *planner, const char *what,
                             const struct type *type);

/* Checks types that only the spec tells of, and that what it says of libc's
 * objects is of some that there are; when all is planned. */
void planner_libc_spec_check(struct planner *planner);

/* Whether the spec has each side find its own for the other's. */
bool planner_is_handle(struct planner *planner, const struct type *type);

/* The size of a frame that begins with a `first`, or NULL; without
 * `parameters`, of a callback's. */
uint64_t planner_frame_size(const struct type *first,
                            const struct type *function,
                            const struct plan_parameter *parameters,
                            bool has_words);

/* Which way a function pointer goes: to the host, which will call a guest
 * function, or the other way round. */
enum direction { TO_HOST, TO_GUEST };

/* The plan's callback of that type, which goes that way. A typedef's name is
 * its name; a type without one is named after its place. NULL after an error.
 */
const struct plan_callback *planner_callback(struct planner *planner,
                                             const struct type *pointer,
                                             const char *place,
                                             enum direction direction);

/* Refuses the function in work if it reaches a type that compilers of one ABI
 * lay out or pass differently. */
void planner_compiler_check(struct planner *planner);

/* Plans a parameter that points to a function pointer, if it does; `place`
 * names a type that has no name. `direction` is the call's: TO_HOST where the
 * guest calls. */
void planner_place(struct planner *planner, struct plan_parameter *planned,
                   const char *place, enum direction direction);

/* The variable for what lay in a place before the call. */
const char *planner_before(struct planner *planner,
                           const struct plan_parameter *planned);

/* Plans whether the program frees the result's copy, as the spec tells. */
void planner_freed(struct planner *planner, struct plan_function *planned);

/* Refuses the function in work if the same one of a guest differs from it. */
void planner_layout_compare(struct planner *planner, size_t model,
                            const struct function *other);

/* A function that returns a pointer to an object of that type: what lies in
 * memory, for both sides, is checked as what a function reaches. */
const struct function *planner_accessor(struct planner *planner,
                                        const char *name,
                                        const struct type *type,
                                        struct location where);

/* Adds a variable to the hash, but for its type. */
void planner_datum_hash(struct planner *planner,
                        const struct plan_datum *datum);

/* Plans a symbol that is not carried by its type: one that the spec omits or,
 * untyped, that no header declares. */
void planner_forward(struct planner *planner, const struct symbol *symbol,
                     bool is_untyped);

/* Finds those that cannot be forwarded, when all functions are planned. */
void planner_forwards_check(struct planner *planner);

/* Refuses leafs where variables are converted, when all is planned. */
void planner_data_leafs(struct planner *planner);

/* Plans a variable, or refuses it. */
void planner_data(struct planner *planner, const struct symbol *symbol,
                  const struct variable *variable);

/* Plans what is left of stubs when all functions are planned. */
void planner_stubs(struct planner *planner);

/* The plan's entry of a record that holds function pointers, which go that way;
 * else NULL, as after an error. */
const struct plan_record *planner_record(struct planner *planner,
                                         const struct type *type,
                                         enum direction direction);

/* The same of one whose members are not planned yet; NULL: C cannot name it. It
 * has none if it holds no functions. */
struct plan_record *planner_record_find(struct planner *planner,
                                        const struct record *record);

/* The entry of a record that the type points to, where the spec has the host's
 * functions in it made the guest's; else NULL, as after an error. */
const struct plan_record *planner_stubbed(struct planner *planner,
                                          const struct type *type);

/* The same for a parameter of a function that writes to it, as the spec of that
 * function or type tells; or NULL. */
void planner_stubbed_parameter(struct planner *planner,
                               const struct spec_function *spec,
                               const struct parameter *parameter,
                               struct plan_parameter *planned);

/* Checks what the spec says of that. */
void planner_stubbed_check(struct planner *planner, const struct record *record,
                           const struct spec_type *spec);

/* The chain that the spec knows for a record, or NULL. */
const struct plan_chain *planner_chain(struct planner *planner,
                                       const struct record *record);

/* Checks what the spec says of types, when all else is planned. */
void planner_chains_check(struct planner *planner);

/* Plans a parameter that holds guest functions, itself or behind a pointer, if
 * it does. */
void planner_adopt(struct planner *planner, struct plan_parameter *planned);

/* The long doubles in a value of that type, where a guest has another format.
 */
struct plan_numbers planner_numbers(struct planner *planner,
                                    const struct type *type);

bool planner_has_long_double(const struct type *type);

/* Plans a parameter that points to what differs in memory between host and a
 * guest, as far as that can be converted. True: it is planned, or an error was
 * told. */
bool planner_convert(struct planner *planner, struct plan_function *planned,
                     size_t parameter);

/* The same of the result, when all else of the function is planned: the guest
 * gets a copy. */
void planner_convert_result(struct planner *planner,
                            struct plan_function *planned);

/* The same of what a callback is given that the parameter takes: the guest gets
 * the copy. */
void planner_convert_callback(struct planner *planner, size_t parameter,
                              struct plan_callback *callback);

/* Checks what the spec says of callbacks, when all are planned. */
void planner_convert_callbacks_check(struct planner *planner);

/* Checks what the spec says of directions and lengths of a function's
 * parameters, which are planned. */
void planner_convert_check(struct planner *planner,
                           struct plan_function *planned);

/* The place of 'in', 'out' or 'inout' that names the parameter; NULL: none.
 * `flow` is set then. */
const struct spec_text *planner_flow(const struct spec_function *spec,
                                     const char *name, enum plan_flow *flow);

/* Whether 'library_keeps' names the parameter, or "result". */
bool planner_keeps(const struct spec_function *spec, const char *name);

/* Sorts out the records whose layout differs, when all is planned. */
void planner_pins(struct planner *planner);

/* Whether the spec says of that type what its conversion takes: then it may
 * differ. */
bool planner_type_is_converted(const struct planner *planner, const char *name);

/* Adds all shapes to the hash. */
void planner_shapes_hash(struct planner *planner);

/* Notes why the function in work is not identical for all. */
void planner_layout_note(struct planner *planner, enum plan_layout layout,
                         struct location where, const char *difference);

/* What the variable is called that holds the host's copy of what a parameter of
 * that name points to: by it no function of the library's is hidden. */
const char *planner_copied(struct planner *planner, const char *name);

/* Plans the handles among the parameters of the function type `type`, whose
 * planned ones are given: for calls of the guest's (TO_HOST) or of the host's.
 * `spec` may name handles of parameters; or NULL. */
void planner_handles(struct planner *planner, const struct type *type,
                     struct plan_parameter *planned, enum direction direction,
                     const struct spec_function *spec);

/* The same for its result, which goes the other way. NULL: is none. */
const struct plan_aside *
planner_result_handle(struct planner *planner, const struct type *type,
                      const struct plan_parameter *planned,
                      enum direction direction);

/* What the spec has the host run before or after a function; NULL: nothing. */
const struct plan_aside *planner_aside(struct planner *planner,
                                       const struct spec_text *name,
                                       const struct plan_parameter *planned);

/* Checks what only all functions together tell. */
void planner_handles_check(struct planner *planner);

/* Of a function in an older version: whether it can be carried over. Tells why
 * not, and what to write. */
bool planner_version_check(struct planner *planner,
                           const struct symbol *symbol);

/* What the function of a symbol is called in the generated code. */
const char *planner_version_name(struct planner *planner,
                                 const struct symbol *symbol);

/* What the spec says of a function, or of all its versions; NULL: nothing. */
const struct spec_function *planner_told(struct planner *planner,
                                         const struct plan_function *planned);

/* Entries of 'versions:' that mean nothing. */
void planner_versions_check(struct planner *planner);

/* What the generated code calls a function or variable of the library's that
 * the headers know by that name. */
const char *planner_c_name(struct planner *planner, const char *symbol,
                           const char *c_name, bool is_usable);

/* A piece of an identifier made of a type's name. */
const char *planner_identifier(struct planner *planner, const char *name);

/* The name, with as many "_" behind it as it takes for the headers not to have
 * a function of it, which a variable would hide. */
const char *planner_name_free(struct planner *planner, const char *name);

/* How --trace shows a frame that begins with `first` ("" or "function=%p");
 * adds the enums in it to the plan. */
const char *planner_trace(struct planner *planner, const char *name,
                          const char *first, const struct type *function,
                          const struct plan_parameter *parameters,
                          bool has_words);

/* Plans the format of a printf-like function, and refuses a function with "..."
 * or a va_list that is none. */
void planner_variadic(struct planner *planner, struct plan_function *planned);

/* The same for a callback, with its parameters planned. False after an error.
 */
bool planner_callback_format(struct planner *planner,
                             struct plan_callback *callback,
                             enum direction direction);

/* The formats that the spec tells must be those of callbacks that there are. */
void planner_formats_check(struct planner *planner);

/* Plans planner->function under that name, which is the symbol's unless it is
 * one case of it. */
void planner_function(struct planner *planner, const struct symbol *symbol,
                      const char *name);

/* Plans planner->function, whose "..." depends on a parameter: each case
 * becomes a function of its own. */
void planner_cases(struct planner *planner, const struct spec_function *spec,
                   const struct symbol *symbol);

/* Plans a list of arguments that crosses as words: as 'variadic' tells. */
void planner_list(struct planner *planner, const struct spec_function *spec,
                  struct plan_function *planned);

/* Whether what a list holds may have the guest called back: a callback, a
 * stream, a handle, a place for memory. */
bool planner_list_calls(const struct plan_function *planned);

/* Refuses what thunk_words_call() cannot pass beside the words of a list;
 * `where` is what says that there is one. */
void planner_words_check(struct planner *planner, struct location where,
                         const char *check, struct plan_function *planned);

/* Decides how a parameter of planner->function crosses; or an item of a list,
 * which the guests' headers do not have: where its type differs is told at its
 * place in the spec. */
void planner_parameter(struct planner *planner, struct plan_function *of,
                       size_t index, bool is_item);

/* The type that the spec tells for a parameter of that name in the header, or
 * for "result"; `type` where it tells none. */
const struct type *planner_meant(struct planner *planner,
                                 const struct plan_function *planned,
                                 const char *name, const struct type *type);

/* Refuses 'callbacks' of what the function does not have. */
void planner_callbacks_check(struct planner *planner,
                             struct plan_function *planned);

/* What the spec says of a record; NULL: nothing. */
const struct spec_type *planner_spec_record(const struct planner *planner,
                                            const struct record *record);

/* The type of a member, as the spec tells it or else the header. */
const struct type *planner_member_meant(struct planner *planner,
                                        const struct record *record,
                                        const struct field *field);

/* Whether a guest function of that callback type puts functions into the record
 * that the parameter points to. */
bool planner_is_filled(const struct planner *planner, const char *callback,
                       const struct type *parameter);

/* Refuses such callbacks that there are not. */
void planner_filled_check(struct planner *planner);

/* Refuses what the spec says of records that they do not have, and types of it
 * that differ between host and guests. */
void planner_types_check(struct planner *planner);

#endif
