/* SPDX-License-Identifier: MIT
 *
 * The texts of templates/, built into the program. A template is a file of
 * sections; a line "%% name" begins one. "@key@" in a section stands for a
 * value; values come as the emitter made them, with their own line breaks.
 */
#ifndef THUNKGEN_TEMPLATE_H
#define THUNKGEN_TEMPLATE_H

#include <stdio.h>

/* The files of templates/; made by the build. */
extern const char template_frames_h[];
extern const char template_guest_c[];
extern const char template_host_c[];
extern const char template_guest_map[];
extern const char template_report_html[];

/* Writes a section. Pairs of key and value follow, then NULL. A section, key or
 * value that is missing is a mistake of thunkgen's own and ends it. */
void template_write(FILE *stream, const char *template_text,
                    const char *section, ...) __attribute__((sentinel));

#endif
