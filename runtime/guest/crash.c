/* SPDX-License-Identifier: MIT
 *
 * A host function has crashed, and the host has given up the call. For the
 * program that is the SIGSEGV that its own library would have run into.
 */
#include <dlfcn.h>
#include <execinfo.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "guest.h"

enum { DEPTH = 16 };

/* Where the program called: the first place up the stack that is neither in
 * this library nor in the thunk. 0: not to be found. */
static uintptr_t caller_find(const struct thunk_library *library, Dl_info *info)
{
    void *places[DEPTH];
    Dl_info runtime = {0}, thunk = {0};
    int count = backtrace(places, DEPTH);

    (void)dladdr(__extension__(void *) caller_find, &runtime);
    (void)dladdr(library, &thunk);
    for (int i = 1; i < count; i++) {
        if (dladdr(places[i], info) != 0 &&
            info->dli_fbase != runtime.dli_fbase &&
            info->dli_fbase != thunk.dli_fbase) {
            return (uintptr_t)places[i];
        }
    }
    return 0;
}

/* The host has told where it was. A handler of the program's gets its chance,
 * by longjmp; if it returns, the same fault would come again and again. */
void thunk_guest_crash(const struct thunk_library *library, uint32_t index)
{
    Dl_info info = {0};
    uintptr_t caller = caller_find(library, &info);

    if (caller == 0) {
        thunk_log(THUNK_LOG_ERROR, "%s: %s: SIGSEGV for the program",
                  library->soname, library->symbols[index].name);
    } else {
        thunk_log(THUNK_LOG_ERROR,
                  "%s: %s: SIGSEGV for the program, which called it at 0x%llx, "
                  "in %s of %s",
                  library->soname, library->symbols[index].name,
                  (unsigned long long)caller,
                  info.dli_sname == NULL ? "an unnamed function"
                                         : info.dli_sname,
                  info.dli_fname);
    }
    raise(SIGSEGV);
    signal(SIGSEGV, SIG_DFL);
    raise(SIGSEGV);
    abort();
}
