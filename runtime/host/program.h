/* SPDX-License-Identifier: MIT
 *
 * The program's libc, for the host's libraries: what has an effect on the
 * process as a whole is done there (thunk/program.h).
 */
#ifndef THUNK_HOST_PROGRAM_H
#define THUNK_HOST_PROGRAM_H

#include <stdbool.h>
#include <thunk/program.h>

#include "imports.h"

/* A function of the guest's; static, since it is looked for once. */
struct thunk_procedure {
    const char *name;
    thunk_function function; /* the guest's; NULL: not known yet */
};

/* A pointer as an argument. */
#define THUNK_WORD(pointer) ((uint64_t)(uintptr_t)(pointer))

/* Takes from an attachment how the guest's functions are called, and gives it
 * what the guest calls in return. */
void thunk_host_program_start(struct thunk_attachment *attachment);

/* Has the guest call it, with the frame's arguments. errno is the guest's
 * afterwards. False: there is no guest thread here, as in threads of a
 * library's own that have never called back, or no such function; nothing is
 * done. Does not return where the function does not. */
bool thunk_host_program_call(struct thunk_procedure *procedure,
                             struct thunk_program_frame *frame);

/* The same for what a leaf may call as well, which cannot call back: false. */
bool thunk_host_program_try(struct thunk_procedure *procedure,
                            struct thunk_program_frame *frame);

/* What the guest has of that name, a function or a variable; NULL: nothing, or
 * there is no guest thread here. */
thunk_function thunk_host_program_find(const char *name);

/* What objects import of these groups; nothing where the guest is no emulated
 * one. children.c: processes. */
struct thunk_imports thunk_host_children_imports(void);

/* state.c: what libc keeps between two calls. */
struct thunk_imports
thunk_host_state_imports(const struct thunk_attachment *attachment);

/* thread_end.c: what they have run when a thread ends. */
struct thunk_imports thunk_host_thread_end_imports(void);

/* hooks.c: notes what an object imports that nothing on the host has. Then
 * gives all of those the program's, where it has them; in a call of the
 * guest's. */
void thunk_host_hooks_note(const struct link_map *map);
void thunk_host_hooks_settle(void);

/* Does what is to be done when a thread ends, as if this one did. Whether there
 * was anything. */
bool thunk_host_thread_end(void);

/* Runs the destructors of this thread's thread-local objects alone, which is
 * what exit() does of that. */
void thunk_host_thread_finish(void);

#endif
