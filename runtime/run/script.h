/* SPDX-License-Identifier: MIT
 *
 * The first line of a script, as Linux reads it (fs/binfmt_script.c). The
 * plugin is built with this as well.
 */
#ifndef THUNK_RUN_SCRIPT_H
#define THUNK_RUN_SCRIPT_H

#include <stdbool.h>

enum {
    SCRIPT_HEAD = 256, /* so much of a file is looked at: BINPRM_BUF_SIZE */
    SCRIPT_DEPTH = 5,  /* scripts whose interpreter is a script; then ELOOP */
};

/* Both are in the head that they were read from. */
struct script {
    const char *interpreter;
    const char *argument; /* all behind the interpreter; NULL: none */
};

bool script_is(const char head[SCRIPT_HEAD]);

/* Reads the start of a file that begins with "#!"; what the file lacks of it is
 * zero. False: execve() says ENOEXEC. */
bool script_parse(char head[SCRIPT_HEAD], struct script *script);

#endif
