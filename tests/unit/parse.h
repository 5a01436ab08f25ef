/* SPDX-License-Identifier: MIT
 * Models of small headers, for the tests that need one. */
#ifndef PARSE_H
#define PARSE_H

#include "header.h"
#include "unit.h"

/* Reads a header for an ISA; `names` is sorted and ends with NULL. */
struct model parse(struct unit *unit, const char *isa, const char *text,
                   const char *const *names);

#define PARSE(unit, text, ...)                                                 \
    parse((unit), "x86_64", (text), (const char *[]){__VA_ARGS__, NULL})

/* The model's function of that name, which has to be there. */
const struct function *function_of(const struct model *model, const char *name);

/* The type of its parameter `i`. */
const struct type *parameter_of(const struct model *model, const char *name,
                                size_t i);

#endif
