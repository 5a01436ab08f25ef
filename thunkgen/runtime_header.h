/* SPDX-License-Identifier: MIT
 *
 * The runtime's headers, as generated code includes them, built into thunkgen.
 */
#ifndef THUNKGEN_RUNTIME_HEADER_H
#define THUNKGEN_RUNTIME_HEADER_H

struct runtime_header {
    const char *path; /* "include/thunk/frame.h", "arch/x86_64/..." */
    const char *text;
};

extern const struct runtime_header runtime_headers[]; /* ends with NULL */

#endif
