/* SPDX-License-Identifier: MIT */
#include "report.h"

#include <string.h>

#include "cdecl.h"
#include "dump.h"

static const char *const verdict_names[] = {
    [VERDICT_AUTOMATIC] = "automatic",
    [VERDICT_SPEC] = "by spec",
    [VERDICT_OMITTED] = "omitted",
    [VERDICT_REFUSED] = "refused",
};

const char *report_verdict_name(enum verdict verdict)
{
    return verdict_names[verdict];
}

const char *report_layout_name(enum plan_layout layout)
{
    static const char *const names[] = {
        [LAYOUT_IDENTICAL] = "identical",
        [LAYOUT_CONVERTED] = "convertible",
        [LAYOUT_NEEDS_SPEC] = "needs a spec line",
        [LAYOUT_IMPOSSIBLE] = "impossible",
    };

    return names[layout];
}

static bool is_refused(const struct report *report, const char *title)
{
    for (size_t i = 0; i < report->n_messages; i++) {
        const struct diag_message *message = &report->messages[i];

        if (message->is_refusal && message->about != NULL &&
            strcmp(message->about, title) == 0) {
            return true;
        }
    }
    return false;
}

static const struct plan_datum *datum_find(const struct plan *plan,
                                           const char *name)
{
    for (size_t i = 0; i < plan->n_data; i++) {
        if (strcmp(plan->data[i].name, name) == 0) {
            return &plan->data[i];
        }
    }
    return NULL;
}

/* Of several cases the first. */
static const struct plan_function *planned_find(const struct plan *plan,
                                                const char *name)
{
    for (size_t i = 0; i < plan->n_functions; i++) {
        if (strcmp(plan->functions[i].symbol, name) == 0) {
            return &plan->functions[i];
        }
    }
    return NULL;
}

static const struct plan_dispatch *dispatch_find(const struct plan *plan,
                                                 const char *name)
{
    for (size_t i = 0; i < plan->n_dispatches; i++) {
        if (strcmp(plan->dispatches[i].name, name) == 0) {
            return &plan->dispatches[i];
        }
    }
    return NULL;
}

static void how_add(struct arena *arena, struct report_symbol *symbol,
                    const char *text)
{
    *ARENA_APPEND(arena, symbol->how, symbol->n_how) = text;
}

static void result_find(struct arena *arena,
                        const struct plan_function *planned,
                        struct report_symbol *symbol)
{
    if (planned->result != NULL) {
        how_add(
            arena, symbol,
            arena_printf(arena, "result: stub of %s", planned->result->name));
    }
    if (planned->stubs != NULL) {
        how_add(
            arena, symbol,
            arena_printf(arena, "result: stubs in %s", planned->stubs->name));
    }
    if (planned->numbers.n_items > 0) {
        how_add(arena, symbol, "result: its long doubles converted");
    }
    if (planned->result_to_guest != NULL) {
        how_add(arena, symbol,
                arena_printf(arena, "result: a handle, by %s()",
                             planned->result_to_guest->name));
    }
    if (planned->result_shape != NULL) {
        how_add(arena, symbol,
                planned->is_freed
                    ? "result: a copy in the guest's layout, which the program "
                      "frees"
                    : "result: what it points to has a copy in the guest's "
                      "layout");
    }
    if (planned->procedure != NULL) {
        how_add(arena, symbol,
                arena_printf(arena, "result: the function that '%s' names",
                             planned->procedure));
    }
}

static void how_find(struct arena *arena, const struct plan_function *planned,
                     struct report_symbol *symbol)
{
    for (size_t i = 0; i < planned->n_parameters; i++) {
        const struct plan_parameter *parameter = &planned->parameters[i];

        if (parameter->pass != PASS_VALUE || parameter->to_host != NULL ||
            parameter->copy != NULL || parameter->numbers.n_items > 0) {
            how_add(arena, symbol,
                    arena_printf(arena, "%s: %s", parameter->name,
                                 dump_pass(arena, parameter)));
        }
    }
    result_find(arena, planned, symbol);
    if (planned->conversions != NULL && !planned->is_scan) {
        how_add(arena, symbol,
                arena_printf(arena, "%s: printf format, done by the host",
                             planned->format));
    }
    if (planned->is_scan) {
        how_add(arena, symbol,
                arena_printf(arena, "%s: scanf format, done by the host",
                             planned->format));
    }
    if (planned->list != NULL) {
        how_add(arena, symbol, "its list of arguments taken by the guest");
    }
    if (planned->before != NULL) {
        how_add(arena, symbol,
                arena_printf(arena, "%s() before it, on the host",
                             planned->before->name));
    }
    if (planned->after != NULL) {
        how_add(arena, symbol,
                arena_printf(arena, "%s() after it, on the host",
                             planned->after->name));
    }
}

static void way_find(struct arena *arena, const struct plan_function *planned,
                     struct report_symbol *symbol)
{
    if (planned->is_fast) {
        how_add(arena, symbol,
                planned->is_leaf ? "instruction door, as a leaf"
                                 : "instruction door");
    }
}

/* What the spec says of the function, or else of those like it. */
static const struct spec_function *told_find(const struct spec *spec,
                                             const char *name)
{
    const struct spec_function *told = spec_function_find(spec, name);

    return told == NULL ? spec_function_match(spec, name) : told;
}

/* Of several cases the worst. */
static void layout_find(const struct plan *plan, const struct symbol *from,
                        struct report *report, struct report_symbol *symbol)
{
    const struct plan_function *worst = NULL;

    for (size_t i = 0; from->is_default && i < plan->n_functions; i++) {
        const struct plan_function *function = &plan->functions[i];

        if (strcmp(function->symbol, from->name) == 0 &&
            (worst == NULL || function->layout > worst->layout)) {
            worst = function;
        }
    }
    if (worst != NULL) {
        symbol->layout = report_layout_name(worst->layout);
        symbol->decided = worst->decided;
        symbol->difference = worst->difference;
        report->layouts[worst->layout]++;
    }
}

/* What in the spec leaves a symbol out, or NULL. */
static const struct spec_text *omission_find(struct arena *arena,
                                             const struct plan_input *input,
                                             const struct symbol *symbol)
{
    const struct spec *spec = input->spec;
    const char *name = symbol->name;

    /* What a header that does not parse would declare nobody knows. */
    if (spec_undeclared(spec) != UNDECLARED_REFUSE && input->n_models > 0 &&
        !input->models[0].is_broken &&
        model_function(&input->models[0], name) == NULL &&
        model_variable(&input->models[0], name) == NULL) {
        return &spec->undeclared;
    }
    return plan_omission_find(arena, spec, symbol);
}

/* What becomes of a symbol that is not carried by its type: one of these, or
 * nothing where the plan did not come so far. */
struct fate {
    const struct plan_lack *lack;
    const struct plan_forward *forward;
    const struct plan_datum *datum;
};

static struct fate fate_find(const struct plan *plan,
                             const struct symbol *symbol)
{
    struct fate fate = {NULL, NULL, NULL};

    for (size_t i = 0; i < plan->n_lacks; i++) {
        if (plan->lacks[i].symbol == symbol) {
            fate.lack = &plan->lacks[i];
        }
    }
    for (size_t i = 0; i < plan->n_forwards; i++) {
        if (plan->forwards[i].symbol == symbol) {
            fate.forward = &plan->forwards[i];
        }
    }
    for (size_t i = 0; i < plan->n_data; i++) {
        if (plan->data[i].symbol == symbol) {
            fate.datum = &plan->data[i];
        }
    }
    return fate;
}

/* Carried all the same. */
static bool fate_is_untyped(const struct fate *fate)
{
    return fate->forward != NULL
               ? fate->forward->is_untyped
               : fate->datum != NULL && fate->datum->kind != DATUM_OWN;
}

/* A sentence; NULL: there is nothing to tell. */
static const char *fate_tell(struct arena *arena, const struct fate *fate)
{
    if (fate->lack != NULL) {
        return arena_printf(arena,
                            "%s, so a program that needs it has the guest's "
                            "own library in place of the thunk",
                            fate->lack->reason);
    }
    if (fate->forward != NULL) {
        return fate->forward->is_untyped
                   ? "calls go to the host's, all registers as they are"
                   : "calls go to the guest's own library";
    }
    if (fate->datum == NULL) {
        return NULL;
    }
    switch (fate->datum->kind) {
    case DATUM_OWN:
        return "it is the guest's own library's";
    case DATUM_ONE:
        return "the library uses the program's";
    case DATUM_BOTH:
        return "both sides see what the other writes, byte by byte";
    default:
        return "copied from the host at the start, byte by byte";
    }
}

static void declaration_find(struct arena *arena,
                             const struct plan_input *input, const char *name,
                             struct report_symbol *symbol)
{
    const struct model *host = &input->models[0];
    const struct function *function =
        input->n_models == 0 ? NULL : model_function(host, name);
    const struct variable *variable =
        input->n_models == 0 ? NULL : model_variable(host, name);

    if (function != NULL) {
        symbol->declaration =
            cdecl_declare(arena, function->type, function->c_name);
        symbol->declared = function->where;
    }
    if (variable != NULL) {
        symbol->declaration =
            cdecl_declare(arena, variable->type, variable->c_name);
        symbol->declared = variable->where;
    }
}

static const struct spec_text *datum_told(const struct spec *spec,
                                          const char *name,
                                          const struct plan_datum *datum)
{
    const struct spec_text *told = spec_datum_find(spec, name);

    return told == NULL && datum != NULL && datum->kind != DATUM_START
               ? spec_datum_match(spec, name)
               : told;
}

static void symbol_report(struct arena *arena, const struct plan_input *input,
                          const struct plan *plan, const struct symbol *from,
                          struct report *report)
{
    const struct spec *spec = input->spec;
    const struct spec_text *omit = omission_find(arena, input, from);
    const struct spec_function *told = told_find(spec, from->name);
    const struct spec_text *version =
        from->is_alias ? NULL : plan_version_find(spec, from);
    const struct plan_function *planned =
        from->is_default || from->is_alias || version != NULL
            ? planned_find(plan, from->name)
            : NULL;
    const struct plan_dispatch *dispatch = dispatch_find(plan, from->name);
    const struct plan_datum *datum =
        from->is_default ? datum_find(plan, from->name) : NULL;
    const struct spec_text *copy = datum_told(spec, from->name, datum);
    struct report_symbol *symbol =
        ARENA_APPEND(arena, report->symbols, report->n_symbols);

    symbol->name = symbol_title(arena, from);
    symbol->version = from->version;
    declaration_find(arena, input, from->name, symbol);
    if (copy != NULL) {
        symbol->spec = copy->where;
    }
    if (told != NULL) {
        symbol->spec = told->name.where;
    }
    if (version != NULL) {
        symbol->spec = version->where;
    }
    if (omit != NULL) {
        const struct fate fate = fate_find(plan, from);
        const char *text = fate_tell(arena, &fate);

        symbol->verdict =
            fate_is_untyped(&fate) ? VERDICT_SPEC : VERDICT_OMITTED;
        symbol->spec = omit->where;
        if (text != NULL) {
            how_add(arena, symbol, text);
        }
    } else if (datum != NULL && !is_refused(report, symbol->name)) {
        symbol->verdict = copy == NULL ? VERDICT_AUTOMATIC : VERDICT_SPEC;
        how_add(arena, symbol,
                datum->kind == DATUM_ONE     ? "the library uses the program's"
                : datum->kind != DATUM_START ? "both sides see what the other "
                                               "writes"
                : datum->is_thread
                    ? "begins in each thread as it does on the host"
                    : "copied from the host at the start");
    } else if (told != NULL && spec_is_true(&told->guest) &&
               !is_refused(report, symbol->name)) {
        symbol->verdict = VERDICT_SPEC;
        how_add(arena, symbol, "the guest's half has it from its own sources");
    } else if (planned == NULL || is_refused(report, symbol->name)) {
        symbol->verdict = VERDICT_REFUSED;
    } else {
        symbol->verdict = told == NULL && copy == NULL && version == NULL
                              ? VERDICT_AUTOMATIC
                              : VERDICT_SPEC;
        if (planned->is_variable) {
            how_add(arena, symbol,
                    "calls go to what the host's points to at that moment");
        }
        if (dispatch == NULL) {
            how_find(arena, planned, symbol);
        } else {
            how_add(arena, symbol,
                    arena_printf(arena, "%s: tells what follows, %zu cases",
                                 dispatch->by, dispatch->n_cases));
        }
        way_find(arena, planned, symbol);
        if (spec_is_wrapped(told)) {
            how_add(arena, symbol, "the guest's half has a function around it");
        }
    }
    if (omit == NULL) {
        layout_find(plan, from, report, symbol);
    }
    report->totals[symbol->verdict]++;
}

static void fate_warn(struct arena *arena, struct diag *diag,
                      struct location where, const struct plan *plan,
                      const struct symbol *symbol)
{
    const char *title = symbol_title(arena, symbol);
    const struct fate fate = fate_find(plan, symbol);
    const char *told = fate_tell(arena, &fate);

    diag_about(diag, title);
    if (fate.lack != NULL) {
        diag_warning(diag, where, "lacking", "'%s' is not in the thunk: %s",
                     title, told);
    } else if (fate_is_untyped(&fate)) {
        diag_warning(diag, where, "untyped",
                     "'%s' is carried without a type: %s", title, told);
    } else if (told != NULL) {
        diag_warning(diag, where, "omitted", "'%s' is not carried: %s", title,
                     told);
    }
}

static void omissions_tell(struct arena *arena, struct diag *diag,
                           const struct plan_input *input,
                           const struct plan *plan)
{
    const struct elf_library *library = input->library;

    for (size_t i = 0; i < library->n_symbols; i++) {
        const struct symbol *symbol = &library->symbols[i];
        const struct spec_text *omit = omission_find(arena, input, symbol);

        if (omit != NULL) {
            fate_warn(arena, diag, omit->where, plan, symbol);
        }
    }
    diag_about(diag, NULL);
}

void report_make(struct arena *arena, struct diag *diag,
                 const struct plan_input *input, const struct plan *plan,
                 struct report *report)
{
    const struct elf_library *library = input->library;

    omissions_tell(arena, diag, input, plan);
    report->messages = diag_messages(diag, &report->n_messages);
    for (size_t i = 0; i < report->n_messages; i++) {
        report->n_errors += report->messages[i].is_error;
    }
    report->library = input->spec->library.text;
    report->soname = plan->soname;
    report->isas = plan->isas;
    report->spec = input->spec->path;
    for (size_t i = 0; i < library->n_symbols; i++) {
        symbol_report(arena, input, plan, &library->symbols[i], report);
    }
}
