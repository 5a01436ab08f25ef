/* SPDX-License-Identifier: MIT
 * The versions of the guest's symbols. */
#include <string.h>

#include "emit.h"
#include "template.h"

void emit_aliases(struct arena *arena, const struct plan *plan, FILE *stream)
{
    struct arena_text lines = {0};

    for (size_t i = 0; i < plan->n_aliases; i++) {
        const struct plan_alias *alias = &plan->aliases[i];

        if (i == 0 || strcmp(alias[-1].symbol, alias->symbol) != 0) {
            arena_text_add(arena, &lines, "THUNK_NEWEST(%s, \"%s\");\n",
                           alias->symbol, alias->newest);
        }
        arena_text_add(arena, &lines, "THUNK_OLDER(%zu, %s, %s, \"%s\");\n", i,
                       alias->c_name, alias->symbol, alias->version);
    }
    if (plan->n_aliases > 0) {
        template_write(stream, template_guest_c, "aliases", "lines",
                       arena_text_get(&lines), NULL);
    }
}

static bool version_is(const char *version, const char *of)
{
    return version == NULL || of == NULL ? version == of
                                         : strcmp(version, of) == 0;
}

static const char *names_of_version(struct arena *arena,
                                    const struct plan *plan,
                                    const char *version)
{
    struct arena_text names = {0};

    for (size_t i = 0; i < plan->n_exported; i++) {
        const struct plan_function *function = &plan->functions[i];
        bool is_case = i > 0 && strcmp(plan->functions[i - 1].symbol,
                                       function->symbol) == 0;

        /* The first of several is enough; an old one says it itself. */
        if (version_is(version, function->version) && !is_case &&
            !function->is_old) {
            arena_text_add(arena, &names, "        %s;\n", function->symbol);
        }
    }
    for (size_t i = 0; i < plan->n_data; i++) {
        const struct plan_datum *datum = &plan->data[i];

        if (version_is(version, datum->version)) {
            arena_text_add(arena, &names, "        %s;\n", datum->name);
        }
    }
    for (size_t i = 0; i < plan->n_forwards; i++) {
        const struct symbol *symbol = plan->forwards[i].symbol;

        if (symbol->is_default && version_is(version, symbol->version)) {
            arena_text_add(arena, &names, "        %s;\n", symbol->name);
        }
    }
    for (size_t i = 0; i < plan->n_own; i++) {
        if (version_is(version, plan->own[i].version)) {
            arena_text_add(arena, &names, "        %s;\n", plan->own[i].name);
        }
    }
    return arena_text_get(&names);
}

void emit_map(struct arena *arena, const struct plan *plan, FILE *stream)
{
    template_write(stream, template_guest_map, "head", "headers",
                   emit_headers(arena, plan), "spec", plan->spec, "soname",
                   plan->soname, NULL);
    if (plan->n_versions == 0) {
        template_write(stream, template_guest_map, "unversioned", "names",
                       names_of_version(arena, plan, NULL), NULL);
    }
    for (size_t i = 0; i < plan->n_versions; i++) {
        const struct version *version = &plan->versions[i];
        const char *names = names_of_version(arena, plan, version->name);
        const char *parents = "";

        for (size_t p = 0; p < version->n_parents; p++) {
            parents =
                arena_printf(arena, "%s %s", parents, version->parents[p]);
        }
        template_write(
            stream, template_guest_map, "node", "name", version->name, "names",
            names[0] == '\0' ? ""
                             : arena_printf(arena, "    global:\n%s", names),
            "parents", parents, NULL);
    }
}
