/* SPDX-License-Identifier: MIT
 * Included before all else under the sanitizers, which refuse this flag. */
#ifndef NO_DEEPBIND_H
#define NO_DEEPBIND_H

#ifndef __ASSEMBLER__

#include <dlfcn.h>

#undef RTLD_DEEPBIND
#define RTLD_DEEPBIND 0

#endif

#endif
