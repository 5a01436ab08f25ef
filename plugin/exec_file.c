/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE
#include "exec_file.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "script.h"

#ifndef AT_EMPTY_PATH
#define AT_EMPTY_PATH 0x1000
#endif

enum {
    SEGMENTS_MAX = 65536 / sizeof(Elf64_Phdr), /* as in fs/binfmt_elf.c */
    DESCRIPTOR_LOW = 512, /* guests hardly expect theirs to be that high */
};

/* One file of a chain of scripts. */
struct link {
    const char *path; /* to open it */
    struct stat status;
    char head[SCRIPT_HEAD];
};

/* ---- where it is ---- */

static bool same_file(const struct stat *one, const struct stat *other)
{
    return one->st_dev == other->st_dev && one->st_ino == other->st_ino;
}

/* Where a descriptor leads, if its file still has that name. */
static const char *descriptor_path(struct pool *pool, int descriptor)
{
    char link[64], path[PATH_MAX];
    struct stat own, other;
    ssize_t length;

    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    length = readlink(link, path, sizeof path - 1);
    if (length <= 0 || path[0] != '/') {
        return NULL;
    }
    path[length] = '\0';
    if (fstat(descriptor, &own) != 0 || stat(path, &other) != 0 ||
        !same_file(&own, &other)) {
        return NULL;
    }
    return pool_text(pool, "%s", path);
}

/* The descriptor that a path is another name of; -1: none. */
static int path_descriptor(const char *path)
{
    char own[32];
    const char *const folders[] = {"/proc/self/fd/", "/dev/fd/",
                                   "/proc/thread-self/fd/", own};

    snprintf(own, sizeof own, "/proc/%d/fd/", (int)getpid());
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        const size_t length = strlen(folders[i]);
        char *end;

        if (strncmp(path, folders[i], length) == 0 && path[length] >= '0' &&
            path[length] <= '9') {
            const long number = strtol(path + length, &end, 10);

            return *end == '\0' && number <= INT_MAX ? (int)number : -1;
        }
    }
    return -1;
}

static bool path_is_program(const char *path)
{
    char own[32];

    snprintf(own, sizeof own, "/proc/%d/exe", (int)getpid());
    return strcmp(path, "/proc/self/exe") == 0 ||
           strcmp(path, "/proc/thread-self/exe") == 0 || strcmp(path, own) == 0;
}

static bool file_is_executable(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISREG(status.st_mode) &&
           faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0;
}

/* Where a path leads if symbolic links stay in the root, as they do in the
 * guest's system: /usr/bin/awk leads to /etc/alternatives/awk. NULL: nowhere.
 */
static const char *root_inside(const char *folder, const char *path,
                               struct pool *pool)
{
    const struct open_how how = {
        .flags = O_PATH | O_CLOEXEC,
        .resolve = RESOLVE_IN_ROOT,
    };
    const int root = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    const int file = (int)syscall(SYS_openat2, root, path, &how, sizeof how);
    const char *found = NULL;

    if (file >= 0) {
        found = descriptor_path(pool, file);
        close(file);
    }
    if (root >= 0) {
        close(root);
    }
    return found;
}

/* The file of a path below the root, by the plain name where that leads to it,
 * too; else as QEMU would have it, whose links lead out of the root. */
static const char *root_file(const struct exec_world *world, const char *path,
                             struct pool *pool)
{
    const char *inside =
        path == NULL ? NULL : root_inside(world->root, path, pool);
    const char *plain =
        path == NULL ? NULL : pool_text(pool, "%s%s", world->root, path);
    struct stat one, other;

    if (inside != NULL && file_is_executable(inside) &&
        !(plain != NULL && stat(plain, &one) == 0 &&
          stat(inside, &other) == 0 && same_file(&one, &other))) {
        return inside;
    }
    return plain != NULL && file_is_executable(plain) ? plain : NULL;
}

/* /bin may be /usr/bin or not: a system that runs has them as one, but packages
 * that are only unpacked into a folder do not make them so. */
static const char *root_path(const struct exec_world *world, const char *path,
                             struct pool *pool)
{
    static const char *const folders[] = {"/bin/", "/sbin/"};
    static const char usr[] = "/usr";
    const char *found = root_file(world, path, pool);
    const bool is_in_usr = strncmp(path, usr, strlen(usr)) == 0;
    const char *rest = is_in_usr ? path + strlen(usr) : path;

    for (size_t i = 0; found == NULL && i < 2; i++) {
        if (strncmp(rest, folders[i], strlen(folders[i])) == 0) {
            found = root_file(
                world, is_in_usr ? rest : pool_text(pool, "%s%s", usr, path),
                pool);
        }
    }
    return found;
}

/* Likewise for any path that the kernel would open. */
static const char *path_find(const struct exec_world *world, const char *path,
                             struct pool *pool)
{
    const char *found = NULL;

    if (world->program != NULL && path_is_program(path)) {
        return world->program;
    }
    if (world->root != NULL && *path == '/') {
        found = root_path(world, path, pool);
    }
    return found != NULL ? found : path;
}

/* ---- whether it may be run ---- */

/* Whether somebody writes to the file, so that it is "text file busy". A lease
 * shows that; only the file's owner can have one. The signal, if one is broken
 * just then, is none that means anything. */
static bool file_is_written(int file)
{
    bool is_written;

    fcntl(file, F_SETSIG, SIGURG);
    is_written = fcntl(file, F_SETLEASE, F_RDLCK) != 0 && errno == EAGAIN;
    if (!is_written) {
        fcntl(file, F_SETLEASE, F_UNLCK);
    }
    return is_written;
}

/* Reads the start of a file that execve() takes. */
static enum exec_way link_open(struct link *link)
{
    enum exec_way way = EXEC_REFUSED;
    int file;

    if (!file_is_executable(link->path)) {
        return EXEC_REFUSED;
    }
    file = open(link->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0) {
        return EXEC_ALONE;
    }
    memset(link->head, 0, sizeof link->head);
    if (fstat(file, &link->status) == 0 && S_ISREG(link->status.st_mode) &&
        !file_is_written(file) && read(file, link->head, SCRIPT_HEAD) >= 0) {
        way = EXEC_GUEST;
    }
    close(file);
    return way;
}

/* Why the kernel alone can give the program the rights that it has; NULL: it
 * has none of its own. */
static const char *rights_find(const struct link *link)
{
    static const char capabilities[] = "security.capability";
    const struct stat *status = &link->status;
    const char *reason = NULL;
    struct statvfs system;

    if ((status->st_mode & S_ISUID) != 0 &&
        (status->st_uid != geteuid() || status->st_uid != getuid())) {
        reason = "it is setuid";
    } else if ((status->st_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP) &&
               (status->st_gid != getegid() || status->st_gid != getgid())) {
        reason = "it is setgid";
    } else if (getxattr(link->path, capabilities, NULL, 0) > 0) {
        reason = "it has capabilities";
    }
    if (reason != NULL && (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ||
                           (statvfs(link->path, &system) == 0 &&
                            (system.f_flag & ST_NOSUID) != 0))) {
        return NULL;
    }
    return reason;
}

/* ---- what it is ---- */

static bool part_read(int file, void *to, size_t size, uint64_t offset)
{
    return offset <= INT64_MAX &&
           pread(file, to, size, (off_t)offset) == (ssize_t)size;
}

/* Whether there is the dynamic linker that the program names, if it does. */
static bool linker_is_there(int file, const Elf64_Ehdr *header,
                            const struct exec_world *world, struct pool *pool)
{
    for (unsigned i = 0; i < header->e_phnum; i++) {
        char path[PATH_MAX];
        Elf64_Phdr segment;

        if (!part_read(file, &segment, sizeof segment,
                       header->e_phoff + i * sizeof segment)) {
            return false;
        }
        if (segment.p_type == PT_INTERP) {
            return segment.p_filesz >= 2 && segment.p_filesz <= sizeof path &&
                   part_read(file, path, segment.p_filesz, segment.p_offset) &&
                   path[segment.p_filesz - 1] == '\0' &&
                   file_is_executable(path_find(world, path, pool));
        }
    }
    return true;
}

static enum exec_way elf_look(struct exec_file *file, const struct link *link,
                              const struct exec_world *world, struct pool *pool)
{
    enum exec_way way = EXEC_REFUSED;
    Elf64_Ehdr header;
    int open_file;

    memcpy(&header, link->head, sizeof header);
    if (memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) {
        file->reason = "it is no ELF program";
        return EXEC_NATIVE;
    }
    if (header.e_ident[EI_CLASS] != ELFCLASS64 ||
        header.e_ident[EI_DATA] != ELFDATA2LSB ||
        header.e_machine != world->machine) {
        file->reason = "it is for another machine";
        return EXEC_NATIVE;
    }
    for (size_t i = 0; i < 2; i++) {
        if (link->status.st_dev == world->own_device[i] &&
            link->status.st_ino == world->own_file[i]) {
            file->reason = "it runs guests itself";
            return EXEC_NATIVE;
        }
    }
    file->reason = rights_find(link);
    if (file->reason != NULL) {
        return EXEC_ALONE;
    }
    open_file = open(link->path, O_RDONLY | O_CLOEXEC);
    if (open_file >= 0 &&
        (header.e_type == ET_EXEC || header.e_type == ET_DYN) &&
        header.e_phentsize == sizeof(Elf64_Phdr) && header.e_phnum >= 1 &&
        header.e_phnum <= SEGMENTS_MAX &&
        linker_is_there(open_file, &header, world, pool)) {
        way = EXEC_GUEST;
    }
    close(open_file);
    return way;
}

/* ---- all ---- */

/* The descriptor stays over execve(), under a number that the plugin is told to
 * close: its file has no name that QEMU could open it by. */
static bool descriptor_keep(struct exec_file *file, int descriptor,
                            struct pool *pool)
{
    file->descriptor = fcntl(descriptor, F_DUPFD, DESCRIPTOR_LOW);
    if (file->descriptor < 0) {
        file->descriptor = fcntl(descriptor, F_DUPFD, 3);
    }
    file->program = pool_text(pool, "/proc/self/fd/%d", file->descriptor);
    return file->descriptor >= 0;
}

/* A flag that is not known here may mean anything: to look, but not to run. */
static bool flags_are_fine(const struct exec_file *file)
{
    struct stat status;

    return (file->flags & ~(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW)) == 0 &&
           !((file->flags & AT_SYMLINK_NOFOLLOW) != 0 &&
             fstatat(file->folder, file->path, &status, AT_SYMLINK_NOFOLLOW) ==
                 0 &&
             S_ISLNK(status.st_mode));
}

/* Sets the name that a script's interpreter gets, what to open, and the
 * descriptor that it is, or -1. */
static bool start_find(const struct exec_file *file, struct link *link,
                       const char **name, int *descriptor,
                       const struct exec_world *world, struct pool *pool)
{
    *name = file->path;
    *descriptor = -1;
    if (*file->path == '\0' && (file->flags & AT_EMPTY_PATH) != 0) {
        *name = pool_text(pool, "/dev/fd/%d", file->folder);
        *descriptor = file->folder;
        link->path = pool_text(pool, "/proc/self/fd/%d", file->folder);
    } else if (*file->path != '/' && file->folder != AT_FDCWD) {
        const char *folder = descriptor_path(pool, file->folder);

        *name = pool_text(pool, "/dev/fd/%d/%s", file->folder, file->path);
        link->path = folder == NULL
                         ? NULL
                         : pool_text(pool, "%s/%s", folder, file->path);
    } else {
        link->path = path_find(world, file->path, pool);
        *descriptor = path_descriptor(link->path);
    }
    return link->path != NULL && *name != NULL;
}

/* Puts a script's interpreter in front of its arguments. */
static void script_enter(struct exec_file *file, const struct script *script,
                         const char *name, struct pool *pool)
{
    if (file->arguments.count > 0) {
        file->arguments.items[0] = name;
    } else {
        words_append(pool, &file->arguments, name);
    }
    if (script->argument != NULL) {
        words_insert(pool, &file->arguments, 0,
                     pool_text(pool, "%s", script->argument));
    }
    words_insert(pool, &file->arguments, 0,
                 pool_text(pool, "%s", script->interpreter));
}

enum exec_way exec_file_find(struct exec_file *file,
                             const struct exec_world *world, struct pool *pool)
{
    struct link link;
    struct script script;
    const char *name;
    int descriptor;
    enum exec_way way;

    file->descriptor = -1;
    if (!flags_are_fine(file)) {
        return EXEC_REFUSED;
    }
    if (file->folder != AT_FDCWD && *file->path != '/' &&
        fcntl(file->folder, F_GETFD) < 0) {
        return EXEC_REFUSED;
    }
    if (!start_find(file, &link, &name, &descriptor, world, pool)) {
        file->reason = "its folder cannot be named";
        return EXEC_ALONE;
    }
    way = link_open(&link);
    for (int depth = 0; way == EXEC_GUEST && script_is(link.head); depth++) {
        const bool is_closed = depth == 0 && file->folder != AT_FDCWD &&
                               *file->path != '/' &&
                               (fcntl(file->folder, F_GETFD) & FD_CLOEXEC) != 0;

        if (depth == SCRIPT_DEPTH || !script_parse(link.head, &script) ||
            is_closed) {
            return EXEC_REFUSED;
        }
        script_enter(file, &script, name, pool);
        name = file->arguments.items[0];
        link.path = name == NULL ? NULL : path_find(world, name, pool);
        descriptor = -1;
        way = link.path == NULL ? EXEC_REFUSED : link_open(&link);
    }
    if (way == EXEC_ALONE) {
        file->reason = "it cannot be read";
    } else if (way == EXEC_GUEST) {
        way = elf_look(file, &link, world, pool);
    }
    file->device = link.status.st_dev;
    file->file = link.status.st_ino;
    file->program = link.path;
    if (way == EXEC_GUEST && descriptor >= 0) {
        file->program = descriptor_path(pool, descriptor);
        if (file->program == NULL && !descriptor_keep(file, descriptor, pool)) {
            file->reason = "its descriptor cannot be kept";
            way = EXEC_ALONE;
        }
    }
    return way;
}
