/* SPDX-License-Identifier: MIT */
#include "children.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/log_process.h"
#include "../common/log_write.h"

/* ---- what is inherited ---- */

/* A program that clears its children's environment, as env -i and sudo do, does
 * not mean these. QEMU comes by --qemu. */
static bool variable_is_inherited(const char *variable)
{
    static const char *const prefixes[] = {
        "QEMU_",         "THUNK_DOOR=",  "THUNK_HOST_DIR=", "THUNK_LOG",
        "THUNK_STACKS=", "THUNK_STATS=", "THUNK_TRACE=",
    };

    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        if (strncmp(variable, prefixes[i], strlen(prefixes[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether the guest's half of the runtime reads it. */
static bool name_is_guests(const char *name)
{
    static const char *const names[] = {"THUNK_LOG", THUNK_LOG_FILE,
                                        THUNK_LOG_PROCESS, "THUNK_DOOR",
                                        "THUNK_HOST_DIR"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

void children_inherit(const struct options *options, struct list *command)
{
    for (size_t i = 0; i < options->defaults.count; i++) {
        const char *variable = options->defaults.items[i];
        const size_t length = strcspn(variable, "=");
        const char *name = format_text("%.*s", (int)length, variable);

        if (getenv(name) != NULL) {
            continue;
        }
        if (setenv(name, variable + length + 1, 1) != 0) {
            fail(STATUS_NOT_RUNNABLE, "out of memory");
        }
        if (!name_is_guests(name)) {
            list_append(command, "-U");
            list_append(command, name);
        }
    }
}

void children_log_start(void)
{
    const char *level = getenv("THUNK_LOG");

    if (level != NULL && *level != '\0' &&
        setenv(THUNK_LOG_PROCESS, format_text("%ld", (long)getpid()), 1) != 0) {
        fail(STATUS_NOT_RUNNABLE, "out of memory");
    }
}

/* ---- the plugin's option ---- */

/* In QEMU's syntax a comma is doubled. */
static const char *option_add(const char *options, const char *key,
                              const char *value)
{
    options = format_text("%s%s%s=", options, *options == '\0' ? "" : ",", key);
    for (;;) {
        const size_t length = strcspn(value, ",");

        options = format_text("%s%.*s%s", options, (int)length, value,
                              value[length] == ',' ? ",," : "");
        if (value[length] == '\0') {
            return options;
        }
        value += length + 1;
    }
}

static const char *word_add(const char *options, const char *word,
                            const char *value)
{
    return option_add(options, "exec", format_text("%s%s", word, value));
}

/* The same from any folder. */
static const char *path_absolute(const char *path)
{
    const char *absolute = realpath(path, NULL);

    return absolute != NULL ? absolute : path;
}

/* A pack's name stays; what is a folder becomes independent of the current. */
static const char *thunks_absolute(const char *what, const char *prefix)
{
    const char *first = format_text("%s/lib/thunkgen/packs/%.*s", prefix,
                                    (int)strcspn(what, ","), what);

    return strchr(what, '/') == NULL && access(first, F_OK) == 0
               ? what
               : path_absolute(what);
}

static const char *words_add(const char *text, const struct options *options,
                             const struct choice *choice)
{
    extern char **environ;

    text = word_add(text, "", path_absolute("/proc/self/exe"));
    text = word_add(text, "--qemu=", path_absolute(choice->qemu));
    text = word_add(text, "--plugin=", path_absolute(options->plugin));
    if (options->sysroot != NULL) {
        text = word_add(text, "--sysroot=", path_absolute(options->sysroot));
    }
    for (size_t i = 0; i < options->thunks.count; i++) {
        text =
            word_add(text, "--thunks=",
                     thunks_absolute(options->thunks.items[i], choice->prefix));
    }
    for (size_t i = 0; i < options->without.count; i++) {
        text = word_add(text, "--without=", options->without.items[i]);
    }
    for (size_t i = 0; i < options->defaults.count; i++) {
        text = word_add(text, "--default=", options->defaults.items[i]);
    }
    for (char **variable = environ;
         (options->exec == NULL || options->is_binfmt) && *variable != NULL;
         variable++) {
        if (variable_is_inherited(*variable)) {
            text = word_add(text, "--default=", *variable);
        }
    }
    return text;
}

/* What the dynamic linker gets of a thunk, and for which file (linker.h), which
 * the plugin looks at once, from this folder. One that is the guest's own
 * library, on its LD_LIBRARY_PATH, is found as it is. */
static const char *thunk_add(const char *options, const struct thunks *thunks,
                             const struct thunk *thunk)
{
    const struct elf_file *file = elf_file_open(thunk->path);

    if (thunks_by_name(thunks, thunk->soname) != thunk || file == NULL ||
        (thunk->own != NULL && thunk->own->device == file->device &&
         thunk->own->inode == file->inode)) {
        return options;
    }
    options = option_add(options, "thunk", thunk->path);
    return thunk->own == NULL ? options
                              : option_add(options, "own", thunk->own_path);
}

/* What the dynamic linker is to load before all libraries: what the guest's own
 * list has comes behind. */
static const char *preload_add(const char *options, const struct choice *choice)
{
    options = option_add(options, "preload", choice->heap);
    return choice->preload == NULL
               ? options
               : option_add(options, "preloads", choice->preload);
}

const char *children_plugin_option(const struct options *options,
                                   const struct choice *choice)
{
    const char *text = plugin_option_make(options->plugin);

    text = option_add(text, "program", path_absolute(choice->program));
    if (choice->root != NULL) {
        text = option_add(text, "root", path_absolute(choice->root));
    }
    if (options->close != NULL) {
        text = option_add(text, "close", options->close);
    }
    if (choice->heap != NULL) {
        text = preload_add(text, choice);
    }
    for (size_t i = 0; i < choice->thunks->count; i++) {
        text = thunk_add(text, choice->thunks, &choice->thunks->items[i]);
    }
    return options->are_children_native ? text
                                        : words_add(text, options, choice);
}
