/* SPDX-License-Identifier: MIT
 *
 * The thunks that a program gets: those of some folders, but for those that are
 * left to the guest, who then has its own library. Programs take all thunks of
 * a pack or none: with one the rest of its packs is left as well, unless it is
 * in another pack, too.
 */
#ifndef THUNK_RUN_THUNKS_H
#define THUNK_RUN_THUNKS_H

#include "elf_file.h"
#include "run.h"

struct thunk {
    const char *soname;
    const char *path;
    size_t folder;

    /* The guest's own library, and its path on this machine; NULL: the guest
     * has none, or it has not been looked for. */
    const struct elf_file *own;
    const char *own_path;

    /* Why it is left to the guest; NULL: it is not. */
    const char *reason;
    const struct thunk *cause; /* the one that it goes with; NULL: none */
    bool is_wanted;            /* by --without */
};

/* Links to some thunks of a folder. */
struct pack {
    const char *name; /* NULL: it is the whole folder */
    const char *path;
    size_t folder;
    struct list sonames;
};

struct thunk_folder {
    const char *home; /* with guest/ and host/ in it */
    const char *path; /* of the guest's halves */
};

struct thunks {
    const struct isa *isa;
    struct thunk_folder *folders;
    size_t n_folders;
    struct thunk *items; /* of the same soname the first wins */
    size_t count;
    struct pack *packs; /* read when they are asked for */
    size_t n_packs;
};

/* Finds those that `wanted` asks for: folders and packs as --thunks has them;
 * nothing: all below `home`, where thunk-run's own are. Fails where there are
 * none. */
void thunks_open(struct thunks *thunks, const struct list *wanted,
                 const char *home, const struct isa *isa);

/* The thunk of that soname that the program gets. NULL: none; so also where
 * `thunks` is NULL, here and below. */
struct thunk *thunks_by_name(const struct thunks *thunks, const char *soname);

/* The one that it gets for that library of the guest's. */
struct thunk *thunks_by_own(const struct thunks *thunks,
                            const struct elf_file *own);

/* The file of a library of the runtime, which thunks need; NULL: it is none. */
const char *thunks_runtime(const struct thunks *thunks, const char *name);

/* Leaves also those to the guest that go with what has a reason. */
void thunks_settle(struct thunks *thunks);

/* Gives a reason to those that --without names, with commas between them:
 * sonames, the names in them, as in png for libpng16.so.16, or packs. Fails
 * where there is none. */
void thunks_leave_named(struct thunks *thunks, const struct list *names);

/* The names of the packs that a thunk is in. */
struct list thunks_packs(struct thunks *thunks, const struct thunk *thunk);

/* The names of the packs beside the thunks that the program does not get, as
 * they have others in them. */
struct list thunks_packs_apart(const struct thunks *thunks);

#endif
