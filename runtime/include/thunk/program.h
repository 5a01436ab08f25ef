/* SPDX-License-Identifier: MIT
 *
 * Functions of the guest's libc that the host's libraries call in place of
 * their own libc's: what they do is for the process as a whole, and the program
 * is what runs in it. The host asks by a callback of the call that wants it.
 * And what the guest tells the host of threads and of the process.
 */
#ifndef THUNK_PROGRAM_H
#define THUNK_PROGRAM_H

#include <thunk/frame.h>

enum { THUNK_PROGRAM_ARGUMENTS = 6 };

enum thunk_program_kind {
    THUNK_PROGRAM_INTEGER = 0, /* the function gives an integer or pointer */
    THUNK_PROGRAM_DOUBLE = 1,
    THUNK_PROGRAM_FIND = 2, /* it is looked for, and not called; it may be a
                             * variable */
};

/* A call of a function whose parameters are integers, each extended to 64 bits
 * as its type is signed or not, and pointers. */
struct thunk_program_frame {
    struct thunk_frame head;
    const char *name;        /* in: as dlsym(RTLD_DEFAULT) of the guest's takes
                              * it, so the program may have one of its own */
    thunk_function function; /* in: it, NULL: not known yet; out: it, NULL:
                              * there is none */
    uint64_t arguments[THUNK_PROGRAM_ARGUMENTS]; /* in */
    uint64_t kind;                               /* in: see above */
    union {
        int64_t integer; /* its upper half is not an int's */
        void *pointer;
        double real;
    } result; /* out */
};

/* Of an enum thunk_process_call. */
struct thunk_process_frame {
    struct thunk_frame head;
    uint64_t was_needed; /* out: there was something to do */

    /* in: of THUNK_PROCESS_HANDLER: its number, 0 for the last that is for
     * quick_exit(), and exit()'s status */
    uint64_t handler;
    int64_t status;
};

_Static_assert(sizeof(struct thunk_program_frame) == 96, "shared layout");
_Static_assert(sizeof(struct thunk_process_frame) == 40, "shared layout");

#endif
