/* SPDX-License-Identifier: MIT
 *
 * Functions that a library has in several versions: the one that programs are
 * linked with today, name@@NEW, and those of old ones, name@OLD.
 */
#include "planner.h"

const struct spec_text *plan_omission_find(struct arena *arena,
                                           const struct spec *spec,
                                           const struct symbol *symbol)
{
    const struct spec_text *omit = spec_omission_find(spec, symbol->name);

    return omit != NULL || symbol->is_default
               ? omit
               : spec_omission_find(spec, symbol_title(arena, symbol));
}

const struct spec_text *plan_version_find(const struct spec *spec,
                                          const struct symbol *symbol)
{
    for (size_t i = 0; i < spec->n_versions && !symbol->is_default; i++) {
        if (spec_text_matches(&spec->versions[i], symbol->name)) {
            return &spec->versions[i];
        }
    }
    return NULL;
}

/* Only functions with a version that linkers can name, and whose `...` needs no
 * more than their format. */
bool planner_version_check(struct planner *planner, const struct symbol *symbol)
{
    const struct spec *spec = planner->input->spec;
    const struct spec_function *told = spec_function_find(spec, symbol->name);
    const char *title = symbol_title(planner->arena, symbol);
    bool is_possible = symbol->kind == SYMBOL_FUNCTION &&
                       symbol->version != NULL &&
                       (told == NULL || told->variadic.key.text == NULL);

    if (symbol->is_default ||
        (is_possible && plan_version_find(spec, symbol) != NULL)) {
        return true;
    }
    diag_error(planner->diag, spec->library.where, "version-old",
               "%s has '%s' in an older version, %s, too%s; to "
               "leave that out of the thunk, write 'omit: [%s]' in the spec",
               planner->plan->soname, symbol->name,
               symbol->version == NULL ? "without a name" : symbol->version,
               is_possible ? arena_printf(
                                 planner->arena,
                                 ": if its type is the one that the header "
                                 "declares, write 'versions: [%s]' in the spec",
                                 symbol->name)
                           : ", which thunkgen cannot carry over yet",
               title);
    diag_yaml(planner->diag, is_possible ? "versions: [%s]" : "omit: [%s]",
              is_possible ? symbol->name : title);
    return false;
}

const char *planner_version_name(struct planner *planner,
                                 const struct symbol *symbol)
{
    return symbol->is_default
               ? symbol->name
               : arena_printf(planner->arena, "old_%s_%s", symbol->name,
                              planner_identifier(planner, symbol->version));
}

const struct spec_function *planner_told(struct planner *planner,
                                         const struct plan_function *planned)
{
    return spec_function_find(planner->input->spec, planned->is_old
                                                        ? planned->symbol
                                                        : planned->name);
}

void planner_versions_check(struct planner *planner)
{
    const struct plan_input *input = planner->input;

    for (size_t i = 0; i < input->spec->n_versions; i++) {
        const struct spec_text *versions = &input->spec->versions[i];
        bool is_found = versions->text == NULL; /* an error was told */

        for (size_t s = 0; s < input->library->n_symbols; s++) {
            const struct symbol *symbol = &input->library->symbols[s];

            is_found |= !symbol->is_default &&
                        spec_text_matches(versions, symbol->name);
        }
        if (!is_found) {
            diag_error(planner->diag, versions->where, "spec-version",
                       "%s has no older version of '%s': correct the name or "
                       "remove it",
                       planner->plan->soname, versions->text);
        }
    }
}
