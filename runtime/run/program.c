/* SPDX-License-Identifier: MIT
 *
 * What is to be run: the file that a command or a script stands for, and its
 * ISA.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run.h"
#include "script.h"

static const struct isa isas[] = {
    {"x86_64", EM_X86_64, NULL},
    {"aarch64", EM_AARCH64, "neoverse-n1"},
    {"riscv64", EM_RISCV, NULL},
};

const struct isa *isa_by_name(const char *name)
{
    for (size_t i = 0; i < sizeof isas / sizeof *isas; i++) {
        if (strcmp(isas[i].name, name) == 0) {
            return &isas[i];
        }
    }
    return NULL;
}

const struct isa *isa_next(const struct isa *isa)
{
    const struct isa *next = isa == NULL ? isas : isa + 1;

    return next < isas + sizeof isas / sizeof *isas ? next : NULL;
}

static const struct isa *isa_by_machine(unsigned machine)
{
    for (size_t i = 0; i < sizeof isas / sizeof *isas; i++) {
        if (isas[i].machine == machine) {
            return &isas[i];
        }
    }
    return NULL;
}

/* Sets errno if PATH is no file that may be executed. */
static bool file_is_executable(const char *path)
{
    struct stat status;

    if (stat(path, &status) != 0) {
        return false;
    }
    if (!S_ISREG(status.st_mode)) {
        errno = S_ISDIR(status.st_mode) ? EISDIR : EACCES;
        return false;
    }
    return access(path, X_OK) == 0;
}

/* Looks for PATH below SYSROOT first, as QEMU does for what the guest opens.
 * NULL with errno if it is in neither place. */
static const char *executable_find(const char *path, const char *sysroot)
{
    if (sysroot != NULL && *path == '/') {
        const char *inside = format_text("%s%s", sysroot, path);

        if (file_is_executable(inside)) {
            return inside;
        }
    }
    return file_is_executable(path) ? path : NULL;
}

/* The next file that a command may be, and what of PATH is left; an empty
 * folder is the current one. NULL if PATH is at its end. */
static const char *command_next(const char *name, const char **path)
{
    const char *folder = *path;
    int length;

    if (folder == NULL) {
        return NULL;
    }
    length = (int)strcspn(folder, ":");
    *path = folder[length] == ':' ? folder + length + 1 : NULL;
    return format_text("%.*s/%s", length > 0 ? length : 1,
                       length > 0 ? folder : ".", name);
}

static const char *path_get(void)
{
    const char *path = getenv("PATH");

    return path != NULL ? path : "/bin:/usr/bin";
}

const char *command_find(const char *name, const char *sysroot)
{
    const char *rest = path_get(), *file;
    int error = ENOENT;

    if (strchr(name, '/') != NULL) {
        return executable_find(name, sysroot);
    }
    while (*name != '\0' && (file = command_next(name, &rest)) != NULL) {
        const char *path = executable_find(file, sysroot);

        if (path != NULL) {
            return path;
        }
        if (errno == EACCES) {
            error = EACCES;
        }
    }
    errno = error;
    return NULL;
}

struct list commands_list(const char *name)
{
    const char *rest = path_get(), *file;
    struct list commands = {0};

    while ((file = command_next(name, &rest)) != NULL) {
        if (file_is_executable(file)) {
            list_append(&commands, file);
        }
    }
    return commands;
}

/* Reads the start of a file. The rest of HEAD is zero. */
static void file_read_head(const char *path, char head[SCRIPT_HEAD])
{
    int file = open(path, O_RDONLY | O_CLOEXEC);

    memset(head, 0, SCRIPT_HEAD);
    if (file < 0 || read(file, head, SCRIPT_HEAD) < 0) {
        fail_file(path, "");
    }
    close(file);
}

/* Gives the ISA of an ELF program from the start of its file. */
static const struct isa *elf_isa(const char *path, const char *head)
{
    const struct isa *isa;
    Elf64_Ehdr header;

    memcpy(&header, head, sizeof header);
    if (memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) {
        fail(STATUS_NOT_RUNNABLE,
             "%s: neither an ELF program nor a script with #!", path);
    }
    if (header.e_ident[EI_CLASS] != ELFCLASS64) {
        fail(STATUS_NOT_RUNNABLE,
             "%s: a 32-bit program; only 64-bit guests can be thunked", path);
    }
    if (header.e_ident[EI_DATA] != ELFDATA2LSB) {
        fail(STATUS_NOT_RUNNABLE,
             "%s: a big-endian program; only little-endian guests can be "
             "thunked",
             path);
    }
    if (header.e_type != ET_EXEC && header.e_type != ET_DYN) {
        fail(STATUS_NOT_RUNNABLE, "%s: an ELF file, but no program", path);
    }
    isa = isa_by_machine(header.e_machine);
    if (isa == NULL) {
        fail(STATUS_NOT_RUNNABLE,
             "%s: ELF machine %u; the guest must be x86_64, aarch64 or riscv64",
             path, header.e_machine);
    }
    return isa;
}

/* Puts a script's interpreter in front of it and gives that one's path. */
static const char *script_enter(struct program *program, char *head,
                                const char *sysroot)
{
    const char *interpreter, *argument, *path;
    struct script script;

    if (!script_parse(head, &script)) {
        fail(STATUS_NOT_RUNNABLE, "%s: no interpreter behind #!",
             program->path);
    }
    interpreter = format_text("%s", script.interpreter);
    argument =
        format_text("%s", script.argument == NULL ? "" : script.argument);
    program->argv.items[0] = program->path;
    /* "#!/usr/bin/env NAME": what env would do under QEMU first. */
    if (strcmp(basename(interpreter), "env") == 0 && *argument != '\0' &&
        *argument != '-' && strpbrk(argument, "= \t") == NULL) {
        interpreter = argument;
        argument += strlen(argument);
    }
    if (*argument != '\0') {
        list_insert(&program->argv, 0, argument);
    }
    list_insert(&program->argv, 0, interpreter);

    path = command_find(interpreter, sysroot);
    if (path == NULL) {
        fail_file(interpreter,
                  format_text("; it is the interpreter of %s", program->path));
    }
    return path;
}

static void program_follow(struct program *program, const char *sysroot)
{
    char head[SCRIPT_HEAD];

    file_read_head(program->path, head);
    for (int depth = 0; script_is(head); depth++) {
        if (depth == SCRIPT_DEPTH) {
            fail(STATUS_NOT_RUNNABLE,
                 "%s: more than %d scripts whose interpreter is a script",
                 program->path, SCRIPT_DEPTH);
        }
        program->path = script_enter(program, head, sysroot);
        file_read_head(program->path, head);
    }
    program->isa = elf_isa(program->path, head);
}

void program_find(struct program *program, char **argv, const struct isa *guest,
                  const char *sysroot)
{
    for (; *argv != NULL; argv++) {
        list_append(&program->argv, *argv);
    }
    program->path = command_find(program->argv.items[0], sysroot);
    if (program->path == NULL) {
        fail_file(program->argv.items[0],
                  "; PROGRAM is a path or a command on PATH");
    }
    program_follow(program, sysroot);
    if (guest != NULL && guest != program->isa) {
        fail(STATUS_NOT_RUNNABLE, "%s: a program for %s, not for --guest %s",
             program->path, program->isa->name, guest->name);
    }
}

void program_take(struct program *program, const char *file, char **argv)
{
    char head[SCRIPT_HEAD];

    for (; *argv != NULL; argv++) {
        list_append(&program->argv, *argv);
    }
    program->path = file;
    file_read_head(file, head);
    program->isa = elf_isa(file, head);
}
