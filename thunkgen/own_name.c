/* SPDX-License-Identifier: MIT */
#include "own_name.h"

#include <stddef.h>
#include <string.h>

/* Of functions that have the library's parameters, too. */
static const char *const beside_parameters[] = {
    "abort",    "all",         "arguments", "copies", "frame",  "free",
    "function", "head",        "is_good",   "real",   "result", "target",
    "text",     "thread_data", "value",     "words",
};

/* And of those that do not. */
static const char *const others[] = {
    "copy", "i", "item", "link", "list", "record", "word",
};

bool own_name_of_parameter(const char *name)
{
    for (size_t i = 0;
         i < sizeof(beside_parameters) / sizeof(beside_parameters[0]); i++) {
        if (strcmp(name, beside_parameters[i]) == 0) {
            return true;
        }
    }
    return false;
}

bool own_name_of_any(const char *name)
{
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (strcmp(name, others[i]) == 0) {
            return true;
        }
    }
    return own_name_of_parameter(name);
}
