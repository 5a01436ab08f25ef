/* SPDX-License-Identifier: MIT
 *
 * The function pointers that were reached by way of a fault, for --stats: each
 * costs a signal at every call, and a line in a spec may save that.
 */
#ifndef THUNK_POINTERS_H
#define THUNK_POINTERS_H

#include <stdio.h>

#include "crossing.h"

/* Adds the part to a report: a table of text, if there are any; or a member of
 * a JSON object, with a comma before it. */
void thunk_pointers_report_text(FILE *stream);
void thunk_pointers_report_json(FILE *stream);

/* For a forked child, which counts its own. */
void thunk_pointers_clear(void);

#endif
