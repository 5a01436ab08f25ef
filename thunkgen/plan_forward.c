/* SPDX-License-Identifier: MIT
 *
 * What the library exports and the thunk does not carry. A program may need it
 * all the same, so the thunk exports it: what the spec leaves out is the
 * guest's own library's; what no header declares can be the host's, all
 * registers as they are and variables byte by byte.
 *
 * The guest's own library then works beside the host's, each with a state of
 * its own. That is no good for objects of which only the library knows what is
 * in them, if functions that are carried have them, too: they would be one
 * library's and be given to the other. Such a symbol the thunk lacks, and a
 * program that needs it has the guest's own library in place of the thunk.
 */
#include <stdlib.h>

#include "libc_object.h"
#include "planner.h"

/* What is no longer is the same for all ABIs, whatever it is: a number or a
 * pointer. Of what is longer not even the size is: a guest's own library would
 * write beyond the thunk's. Constants are tables of such; objects of libc's,
 * which do differ, are never constant. */
enum { WORD = 8 };

static void lack_add(struct planner *planner, const struct symbol *symbol,
                     const char *reason)
{
    *ARENA_APPEND(planner->arena, planner->plan->lacks,
                  planner->plan->n_lacks) =
        (struct plan_lack){.symbol = symbol, .reason = reason};
}

/* What the address tells of it. */
static uint64_t alignment(const struct symbol *symbol)
{
    uint64_t align = 64; /* the most that C's types have here */

    while (symbol->address % align != 0) {
        align /= 2;
    }
    return align;
}

/* Whether the headers tell that it is as long in all guests. */
static bool size_is_known(const struct planner *planner,
                          const struct symbol *symbol)
{
    const struct plan_input *input = planner->input;

    for (size_t i = 0; i < input->n_models; i++) {
        const struct variable *variable =
            model_variable(&input->models[i], symbol->name);

        if (variable == NULL || variable->type->size != symbol->size) {
            return false;
        }
    }
    return true;
}

static void datum_forward(struct planner *planner, const struct symbol *symbol,
                          bool is_untyped)
{
    struct plan *plan = planner->plan;
    enum plan_datum_kind kind = !is_untyped           ? DATUM_OWN
                                : symbol->is_constant ? DATUM_START
                                : symbol->is_imported ? DATUM_ONE
                                                      : DATUM_BOTH;
    struct plan_datum *datum;

    if (symbol->kind == SYMBOL_TLS) {
        lack_add(planner, symbol,
                 "it is thread-local, and its type is not known");
        return;
    }
    if (!symbol->is_default || symbol->size == 0) {
        lack_add(planner, symbol,
                 symbol->is_default ? "its size is not known"
                                    : "it is an older version of a variable");
        return;
    }
    if (!symbol->is_constant && symbol->size > WORD &&
        (is_untyped || !size_is_known(planner, symbol))) {
        lack_add(planner, symbol,
                 "it is more than a word, and nothing tells what is in it");
        return;
    }
    datum = ARENA_APPEND(planner->arena, plan->data, plan->n_data);
    *datum = (struct plan_datum){
        .symbol = symbol,
        .name = symbol->name,
        .version = symbol->version,
        .size = symbol->size,
        .align = alignment(symbol),
        .kind = kind,
    };
    plan->has_shared_data |= kind == DATUM_BOTH;
    planner_datum_hash(planner, datum);
}

void planner_forward(struct planner *planner, const struct symbol *symbol,
                     bool is_untyped)
{
    if (symbol->kind == SYMBOL_FUNCTION) {
        *ARENA_APPEND(planner->arena, planner->plan->forwards,
                      planner->plan->n_forwards) =
            (struct plan_forward){.symbol = symbol, .is_untyped = is_untyped};
    } else {
        datum_forward(planner, symbol, is_untyped);
    }
}

/* Whether only the library knows what is in it: the headers do not tell, or the
 * spec says so of what they show. */
static bool record_is_hidden(struct planner *planner,
                             const struct record *record)
{
    const struct spec_type *told = planner_spec_record(planner, record);

    return !record->is_complete ||
           (told != NULL && spec_is_true(&told->opaque));
}

/* The hidden record that a value leads to, or NULL. */
static const struct record *hidden_record(struct planner *planner,
                                          const struct type *type)
{
    for (;;) {
        if (type == NULL || libc_object_find(type) != NULL) {
            return NULL;
        }
        switch (type->kind) {
        case TYPE_TYPEDEF:
        case TYPE_POINTER:
        case TYPE_ARRAY:
            type = type->target;
            break;
        case TYPE_RECORD:
            return record_is_hidden(planner, type->record) ? type->record
                                                           : NULL;
        default:
            return NULL;
        }
    }
}

/* Marks those that a function's type has; or tells whether any of them is
 * marked. */
static bool hidden_records_walk(struct planner *planner,
                                const struct type *function, bool *is_carried,
                                bool marks)
{
    bool is_any = false;

    for (size_t i = 0; i <= function->n_parameters; i++) {
        const struct record *record = hidden_record(
            planner, i < function->n_parameters ? function->parameters[i].type
                                                : function->target);

        if (record != NULL) {
            is_any |= is_carried[record->index];
            is_carried[record->index] |= marks;
        }
    }
    return is_any;
}

/* By the index of the records of the host's model. */
static bool *carried_find(struct planner *planner)
{
    const struct plan *plan = planner->plan;
    bool *is_carried =
        arena_alloc(planner->arena, planner->input->models[0].n_records + 1);

    for (size_t i = 0; i < plan->n_functions; i++) {
        (void)hidden_records_walk(planner, plan->functions[i].function->type,
                                  is_carried, true);
    }
    return is_carried;
}

static bool forward_is_possible(struct planner *planner,
                                const struct plan_forward *forward,
                                bool *is_carried)
{
    const struct function *function =
        model_function(&planner->input->models[0], forward->symbol->name);

    return forward->is_untyped || function == NULL ||
           !hidden_records_walk(planner, function->type, is_carried, false);
}

static bool datum_is_possible(struct planner *planner,
                              const struct plan_datum *datum,
                              const bool *is_carried)
{
    const struct variable *variable =
        model_variable(&planner->input->models[0], datum->name);
    const struct record *record =
        variable == NULL ? NULL : hidden_record(planner, variable->type);

    return datum->kind != DATUM_OWN || record == NULL ||
           !is_carried[record->index];
}

static const char shared_object[] =
    "it has objects of which only the library knows what is in them, and the "
    "host's library makes these";

static int lack_compare(const void *left, const void *right)
{
    const struct plan_lack *a = left, *b = right;

    /* In the order of the library's symbols. */
    return a->symbol < b->symbol ? -1 : a->symbol > b->symbol;
}

void planner_forwards_check(struct planner *planner)
{
    struct plan *plan = planner->plan;
    bool *is_carried = carried_find(planner);
    size_t n_forwards = 0, n_data = 0;

    for (size_t i = 0; i < plan->n_forwards; i++) {
        const struct plan_forward *forward = &plan->forwards[i];

        if (!forward_is_possible(planner, forward, is_carried)) {
            lack_add(planner, forward->symbol, shared_object);
        } else {
            plan->forwards[n_forwards++] = *forward;
        }
    }
    for (size_t i = 0; i < plan->n_data; i++) {
        const struct plan_datum *datum = &plan->data[i];

        if (!datum_is_possible(planner, datum, is_carried)) {
            lack_add(planner, datum->symbol, shared_object);
        } else {
            plan->data[n_data++] = *datum;
        }
    }
    plan->n_forwards = n_forwards;
    plan->n_data = n_data;
    if (plan->n_lacks > 1) {
        qsort(plan->lacks, plan->n_lacks, sizeof(*plan->lacks), lack_compare);
    }
}
