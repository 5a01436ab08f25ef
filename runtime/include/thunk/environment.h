/* SPDX-License-Identifier: MIT
 *
 * The environment, for code of a host's half that is not the library's own. The
 * library and what it is linked with have the program's; what they open later,
 * as drivers, has the one that QEMU was started with.
 */
#ifndef THUNK_ENVIRONMENT_H
#define THUNK_ENVIRONMENT_H

#include <thunk/frame.h>

/* The program's variable, as getenv() gives it; NULL: it has none. */
THUNK_EXPORT char *thunk_host_variable(const char *name);

/* Takes it from both. During a call of the guest's. */
THUNK_EXPORT void thunk_host_variable_remove(const char *name);

#endif
