/* SPDX-License-Identifier: MIT
 *
 * Where the headers mention what they do not declare: notes beside the errors.
 */
#include <string.h>

#include "mention.h"
#include "planner.h"

/* Whether nothing in the headers is the symbol. */
static bool is_undeclared(const struct plan_input *input,
                          const struct symbol *symbol)
{
    const struct model *host = &input->models[0];

    return symbol->is_default && !spec_omits(input->spec, symbol->name) &&
           model_function(host, symbol->name) == NULL &&
           model_variable(host, symbol->name) == NULL;
}

void planner_mentions(struct planner *planner)
{
    const struct plan_input *input = planner->input;
    const struct elf_library *library = input->library;
    struct mentions_input wanted = {
        .files = input->models[0].files,
        .n_files = input->models[0].n_files,
        .headers = input->headers,
        .n_headers = input->n_headers,
    };
    const char **names = NULL;

    if (input->models[0].is_broken ||
        spec_undeclared(input->spec) != UNDECLARED_REFUSE) {
        return; /* the header's own errors come first; no error needs it */
    }
    for (size_t i = 0; i < library->n_symbols; i++) {
        if (is_undeclared(input, &library->symbols[i])) {
            *ARENA_APPEND(planner->arena, names, wanted.n_names) =
                library->symbols[i].name;
        }
    }
    if (wanted.n_names > 0) {
        wanted.names = names;
        planner->mentions = mentions_find(planner->arena, &wanted);
        planner->mentioned = names;
        planner->n_mentioned = wanted.n_names;
    }
}

void planner_mention_note(struct planner *planner, const char *symbol)
{
    for (size_t i = 0; i < planner->n_mentioned; i++) {
        const struct mention *mention = &planner->mentions[i];

        if (planner->mentioned[i] != symbol || mention->where.file == NULL) {
            continue;
        }
        if (mention->header == NULL) {
            diag_note(planner->diag, mention->where,
                      "it is mentioned here: perhaps a macro under 'defines:' "
                      "has it declared");
        } else {
            diag_note(planner->diag, mention->where,
                      "it is mentioned here: perhaps --header %s declares it",
                      mention->header);
        }
    }
}

bool planner_label_note(struct planner *planner, const char *c_name)
{
    const struct model *host = &planner->input->models[0];

    for (size_t i = 0; i < host->n_functions; i++) {
        const struct function *function = &host->functions[i];

        if (function->c_name != function->name &&
            strcmp(function->c_name, c_name) == 0) {
            diag_note(
                planner->diag, function->where,
                "what is declared here as '%s' is '%s' in the library, by "
                "its label",
                c_name, function->name);
            return true;
        }
    }
    return false;
}
