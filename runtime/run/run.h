/* SPDX-License-Identifier: MIT
 *
 * What the files of thunk-run share. Nothing is ever freed: exec replaces this
 * process.
 */
#ifndef THUNK_RUN_H
#define THUNK_RUN_H

#include <stdbool.h>
#include <stddef.h>

/* The shell's numbers for a command that it cannot run. */
enum {
    STATUS_USAGE = 2,
    STATUS_NOT_RUNNABLE = 126,
    STATUS_NOT_FOUND = 127,
};

/* A NULL-terminated vector, ready for exec. */
struct list {
    const char **items;
    size_t count;
};

/* What the command line says. */
struct options {
    const struct isa *guest;
    const char *qemu;
    const char *sysroot;
    const char *plugin;
    struct list thunks;
    struct list without;
    struct list environment; /* VAR=VALUE, each VAR once */
    bool are_children_native;
    bool is_doctor;
    bool is_json; /* what the doctor says */

    /* Of the plugin, which starts a thunk-run in a child's place, or of Linux
     * through binfmt_misc. */
    bool is_binfmt;
    const char *exec;     /* the file to run; NULL: a command is looked for */
    const char *close;    /* the number of a descriptor that it is; or NULL */
    struct list defaults; /* VAR=VALUE, where the program's environment has no
                             VAR */
};

struct isa {
    const char *name;
    unsigned machine;

    /* The processor to ask QEMU for; NULL: its own choice. Vector instructions
     * of variable length and those that copy memory look at the flags that QEMU
     * keeps for the guest's pages. The host's memory has none, and the guest's
     * libc uses them, where its processor has them, for strings of the host's:
     * this one has none. */
    const char *cpu;
};

/* A QEMU that could run the program. */
struct qemu {
    const char *path;
    const char *origin; /* who offers it: "--qemu", "on PATH", ... */
    const char *fault;  /* why it cannot; NULL: it can */
};

/* The best first; or the one that the user has named, which need not exist. */
struct qemus {
    struct qemu *items;
    size_t count;
    bool are_named;
};

struct program {
    const char *path; /* the ELF file that QEMU loads */
    struct list argv;
    const struct isa *isa;
};

/* Prints "thunk-run: error: ..." and ends the process. */
_Noreturn void fail(int status, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same with a file's name, errno, whose number decides between the two
 * statuses, and `cure`. */
_Noreturn void fail_file(const char *path, const char *cure);

/* Gives the message with which an action fails; NULL: it does not. What it had
 * in work by then stays as it is. */
const char *fail_catch(void (*action)(void *context), void *context);

/* Prints "thunk-run: TEXT", or "thunk-run: LEVEL: TEXT", with the process's
 * number if it is not the first, on stderr or where THUNK_LOG_FILE says. */
void log_message(const char *text);
void log_line(const char *level, const char *text);

/* Prints under THUNK_LOG=info and THUNK_LOG=debug. */
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));

char *format_text(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* The word as a shell takes it back. */
const char *word_quote(const char *word);

/* A folder of the user's, as the XDG base directories are found; NULL: none. */
const char *user_folder(const char *variable, const char *below_home);

/* Gives the array room for one item more; fails where there is none. */
void *array_grow(void *items, size_t count, size_t size);

void list_insert(struct list *list, size_t index, const char *item);
void list_append(struct list *list, const char *item);
bool list_has(const struct list *list, const char *item);
const char *list_join(const struct list *list, const char *between);

/* NULL: no guest that thunks are made for. */
const struct isa *isa_by_name(const char *name);

/* One after the other from NULL on, NULL after the last. */
const struct isa *isa_next(const struct isa *isa);

/* A variable as the guest has it; NULL: not at all. */
const char *environment_get(const struct options *options, const char *name);

/* Looks for a command as execvp does, and below `sysroot` first, which may be
 * NULL. NULL with errno if there is none. */
const char *command_find(const char *name, const char *sysroot);

/* All files on PATH that execvp could take for a command without a '/'. */
struct list commands_list(const char *name);

/* All QEMUs for the guest, the best first; only one if `option`, which may be
 * NULL, or THUNK_QEMU names it. `prefix` is where thunk-run is installed. */
struct qemus qemus_list(const struct isa *isa, const char *option,
                        const char *prefix);

/* The command by which the user gets one that has plugins. */
const char *qemu_cure(const struct isa *isa, const char *prefix);

/* The best of them; fails where none can load plugins. */
const char *qemu_find(const struct isa *isa, const char *option,
                      const char *prefix);

/* The value of QEMU's option for a plugin, in whose syntax a comma is doubled;
 * fails where there is none. */
const char *plugin_option_make(const char *plugin);

/* The folder where that QEMU looks for the guest's files first if it is not
 * told; NULL: none. `qemu` may be NULL, for one that is not known. */
const char *qemu_sysroot(const struct isa *isa, const char *qemu);

/* Finds what QEMU shall load for the command line `argv`; fails where there is
 * none, or none for `guest`, which may be NULL. */
void program_find(struct program *program, char **argv, const struct isa *guest,
                  const char *sysroot);

/* The same for a file whose command line is known in full. */
void program_take(struct program *program, const char *file, char **argv);

#endif
