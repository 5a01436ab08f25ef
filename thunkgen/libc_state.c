/* SPDX-License-Identifier: MIT
 *
 * The table; runtime/host has what is exchanged and settled (children.c, end.c,
 * environment.c, heap.c, signal_library.c, standard.c, state.c, thread_end.c).
 * Not in it is
 *
 * - what the kernel keeps, which is one for both sides: working folder, umask,
 *   ids, limits, timers, descriptors, children to wait for;
 * - what is the same whoever asks (getpid), or the caller's own (rand_r);
 * - what ends the process natively without a word to the program, too: _exit(),
 *   abort(), assert();
 * - the environment, the program's name and file, exit() and what calls it,
 *   fork(), exec() and what calls these, signals' actions, getopt(), random
 *   numbers, malloc(), stdin, stdout: they are the program's for all of them;
 * - the ends of threads: they come for both sides at once;
 * - pthread_atfork(): QEMU forks by the host's fork(), which runs the handlers;
 * - stderr: it has no buffer on either side;
 * - strtok() and the like, which nobody begins on one side and ends on the
 *   other.
 */
#include "libc_state.h"

#include <fnmatch.h>
#include <stddef.h>
#include <string.h>

#define LIST(...)                                                              \
    (const char *const[])                                                      \
    {                                                                          \
        __VA_ARGS__, NULL                                                      \
    }

const struct libc_state libc_states[] = {
    {
        .name = "blocks of libc's",
        .meaning = "in a program that has a malloc() of its own, libc makes "
                   "these blocks in the host's heap: the program must not free "
                   "them",
        .symbols = LIST("open_wmemstream", "tempnam"),
        .is_own = true,
    },
    {
        .name = "locale",
        .meaning = "it has the program's LC_CTYPE, as it was at the first "
                   "call; for all else it has C, whatever the program sets",
        .symbols =
            LIST("bind_textdomain_codeset", "bindtextdomain", "dcgettext",
                 "dcngettext", "dgettext", "dngettext", "gettext", "localeconv",
                 "ngettext", "nl_langinfo", "setlocale", "strcoll", "strxfrm",
                 "textdomain", "wcscoll", "wcsxfrm"),
    },
    {
        .name = "log",
        .meaning = "it knows nothing of the program's openlog() and "
                   "setlogmask(): lines begin with QEMU's name",
        .symbols =
            LIST("closelog", "openlog", "setlogmask", "syslog", "vsyslog"),
    },
    {
        .name = "plug-ins",
        .meaning = "what it opens has to be the host's",
        .symbols = LIST("dlmopen", "dlopen"),
    },
    {
        .name = "streams",
        .meaning = "these have buffers of their own: what both sides print or "
                   "read by them is in another order",
        .symbols = LIST("_ZSt3cin", "_ZSt4cout", "getwchar", "putwchar",
                        "vwprintf", "vwscanf", "wprintf", "wscanf"),
    },
    {
        .name = "time zone",
        .meaning = "these are what libc has last found for the TZ of the "
                   "program's or of QEMU's",
        .symbols = LIST("daylight", "timezone", "tzname"),
    },
    {.name = NULL},
};

const struct libc_alias libc_aliases[] = {
    {"__daylight", "daylight"}, {"__environ", "environ"},
    {"__getdelim", "getdelim"}, {"__sysv_signal", "sysv_signal"},
    {"__timezone", "timezone"}, {"__tzname", "tzname"},
    {"_environ", "environ"},    {NULL, NULL},
};

const struct libc_state libc_state_hooks = {
    .name = "hooks",
    .meaning = "the library uses these if there are any (weak): a program's "
               "functions are called without a type, see 'callbacks'",
};

const struct libc_state libc_state_undefined = {
    .name = "undefined",
    .meaning = "nothing that it is linked with has these, and a program's it "
               "does not find: a call of one ends the process",
};

static bool name_matches(const char *const *patterns, const char *name)
{
    for (; *patterns != NULL; patterns++) {
        if (fnmatch(*patterns, name, 0) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_libc(const char *soname)
{
    return name_matches(LIST("ld-linux*.so.*", "ld-musl-*.so.*", "libanl.so.*",
                             "libc.musl-*.so.*", "libc.so*", "libdl.so.*",
                             "libm.so.*", "libmvec.so.*", "libpthread.so.*",
                             "libresolv.so.*", "librt.so.*", "libutil.so.*"),
                        soname);
}

static bool is_compiler(const char *soname)
{
    return name_matches(LIST("libatomic.so.*", "libc++.so.*", "libc++abi.so.*",
                             "libgcc_s.so.*", "libquadmath.so.*",
                             "libstdc++.so.*", "libunwind.so.*"),
                        soname);
}

bool libc_state_is_system(const char *soname)
{
    return is_libc(soname) || is_compiler(soname);
}

bool libc_state_is_usual(const char *symbol)
{
    return name_matches(LIST("_ITM_*", "_Jv_RegisterClasses", "__cxa_finalize",
                             "__gmon_start__"),
                        symbol);
}
