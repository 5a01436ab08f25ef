/* SPDX-License-Identifier: MIT
 *
 * What is found out, once for people and once for programs: a tree whose
 * branches have a line of text, and whose leaves are JSON's.
 */
#ifndef THUNK_RUN_REPORT_H
#define THUNK_RUN_REPORT_H

#include <stdbool.h>

struct report;

/* Adds an object, a list or a leaf to an object, or to a list, where `key` is
 * NULL. `text` is the line; NULL: none, and none for what is in it. A string in
 * a list is a line itself. */
struct report *report_object(struct report *parent, const char *key,
                             const char *text);
struct report *report_list(struct report *parent, const char *key,
                           const char *text);
void report_string(struct report *parent, const char *key, const char *value);
void report_number(struct report *parent, const char *key, long value);
void report_bool(struct report *parent, const char *key, bool value);

/* Sets the line when more is known. */
void report_text_set(struct report *report, const char *text);

void report_print_text(const struct report *report);
void report_print_json(const struct report *report);

#endif
