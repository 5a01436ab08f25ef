/* SPDX-License-Identifier: MIT */
#include "outfile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct outfile {
    const char *path;
    const char *option;
    const char *text;
    size_t length;
    char *temporary; /* NULL: nothing to rename */
};

void outfiles_add(struct arena *arena, struct outfiles *files,
                  const char *option, const char *path, const char *text,
                  size_t length)
{
    struct outfile *file = ARENA_APPEND(arena, files->files, files->n_files);

    file->path = path;
    file->option = option;
    file->text = text;
    file->length = length;
}

/* False when something is in a file's place that rename() would fail on, or
 * would do harm to: a folder, a device, a pipe. */
static bool place_is_good(const struct outfile *file)
{
    struct stat status;

    if (lstat(file->path, &status) != 0 || S_ISREG(status.st_mode) ||
        S_ISLNK(status.st_mode)) {
        return true;
    }
    errno = S_ISDIR(status.st_mode) ? EISDIR : EEXIST;
    return false;
}

static bool is_unchanged(struct arena *arena, const struct outfile *file)
{
    FILE *stream = fopen(file->path, "rbe");
    char *present;
    bool is_same;

    if (stream == NULL) {
        return false;
    }
    /* One byte more shows a longer file. */
    present = arena_alloc(arena, file->length + 1);
    is_same = fread(present, 1, file->length + 1, stream) == file->length &&
              memcmp(present, file->text, file->length) == 0;
    fclose(stream);
    return is_same;
}

/* Creates the folders above a file; an error shows when the file is opened. */
static void folders_make(struct arena *arena, struct outfiles *files,
                         const char *path)
{
    char *folder = arena_strdup(arena, path);

    for (char *c = folder + 1; *c != '\0'; c++) {
        if (*c == '/') {
            *c = '\0';
            if (mkdir(folder, 0777) == 0) {
                *ARENA_APPEND(arena, files->folders, files->n_folders) =
                    arena_strdup(arena, folder);
            }
            *c = '/';
        }
    }
}

static bool temporary_write(struct arena *arena, struct outfiles *files,
                            struct outfile *file)
{
    char *path = arena_printf(arena, "%s.XXXXXX", file->path);
    mode_t mask = umask(0);
    FILE *stream;
    int descriptor;
    bool is_good;

    umask(mask);
    folders_make(arena, files, file->path);
    descriptor = mkstemp(path);
    if (descriptor < 0) {
        return false;
    }
    file->temporary = path;
    stream = fdopen(descriptor, "wb");
    if (stream == NULL) {
        close(descriptor);
        return false;
    }
    is_good = fwrite(file->text, 1, file->length, stream) == file->length;
    is_good = fchmod(descriptor, 0666 & ~mask) == 0 && is_good;
    return fclose(stream) == 0 && is_good;
}

static void error_tell(struct diag *diag, const struct outfile *file)
{
    struct location where = {file->path, 1, 1};

    diag_error(diag, where, "output",
               "cannot be written: %s: name another with %s", strerror(errno),
               file->option);
}

bool outfiles_write(struct arena *arena, struct diag *diag,
                    struct outfiles *files)
{
    bool is_good = true;

    for (size_t i = 0; i < files->n_files; i++) {
        struct outfile *file = &files->files[i];

        if (!place_is_good(file) || (!is_unchanged(arena, file) &&
                                     !temporary_write(arena, files, file))) {
            error_tell(diag, file);
            is_good = false;
        }
    }
    for (size_t i = 0; i < files->n_files; i++) {
        struct outfile *file = &files->files[i];

        if (file->temporary == NULL) {
            continue;
        }
        if (is_good && rename(file->temporary, file->path) != 0) {
            error_tell(diag, file);
            is_good = false;
        }
        if (!is_good) {
            (void)unlink(file->temporary);
        }
    }
    for (size_t i = files->n_folders; !is_good && i > 0; i--) {
        (void)rmdir(files->folders[i - 1]);
    }
    return is_good;
}
