/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * QEMU's own redirection of paths (-L) would do it without a plugin, but for
 * everybody: a program that archives the library would find the thunk. The
 * plugin API does not say which code makes a system call, and looking for that
 * in translated code makes translation up to 30 % slower. But how glibc's
 * dynamic linker opens a library is its own (elf/dl-load.c, open_verify()): by
 * openat(AT_FDCWD, PATH, O_RDONLY | O_CLOEXEC), and what it reads first is as
 * long as its buffer for an ELF header. There the descriptor becomes the
 * thunk's file: it sees no other one.
 *
 * The runtime's libraries, and those that the guest does not have, have no path
 * that can be opened. So for the time of the call the path is made one that
 * can, the shortest: "/". The dynamic linker's paths are in memory of its own,
 * on its stack and its heap.
 *
 * /etc/ld.so.preload, which few guests have, it asks for by access() when it
 * starts, and opens it then, once; its path is a constant of its own, in memory
 * that is made writable for the time. Nothing of this is in the environment,
 * and no other reader of that file sees it.
 */
#define _GNU_SOURCE
#include "linker.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../runtime/common/log.h"
#include "copy.h"

enum {
    /* FILEBUF_SIZE of 64-bit guests in glibc's elf/dl-load.c, 2.36 to 2.41. */
    HEAD_SIZE = 832,

    OPEN_FLAGS = O_RDONLY | O_CLOEXEC,
    RUNTIME_COUNT = 8,
};

struct entry {
    const char *file; /* the thunk's */
    const char *soname;
    bool has_own;
    dev_t device; /* of the guest's own */
    ino_t inode;
    atomic_bool is_given;
};

static struct entry *entries;
static size_t entry_count;
static bool has_absent; /* the guest lacks some of the libraries */
static atomic_bool has_given;
static int64_t openat_number, read_number;
static bool has_access; /* the guest's Linux has access(2) */
static int64_t access_number;

/* What the dynamic linker loads first. */
static const char preload_path[] = "/etc/ld.so.preload";
static const char *preload_file, *preload_own;
static enum {
    PRELOAD_NONE,
    PRELOAD_ASKED, /* next it is asked for */
    PRELOAD_OPENED /* next it is opened */
} preload_next;

/* The one kind of library that only thunks need, and the files of which that
 * the dynamic linker has been given. */
static const char runtime_prefix[] = "libthunk-";
static const char *_Atomic runtime_files[RUNTIME_COUNT];

/* What a thread is about to open. */
struct opening {
    enum {
        NOTHING,
        OPENS,      /* what may be a library */
        OPENS_ROOT, /* "/" instead of what is not there */
        ASKS_ROOT   /* likewise, for access() */
    } what;

    /* Of OPENS_ROOT: the file that it becomes, and the thunk that this is;
     * NULL: it is the runtime's. */
    int file;
    struct entry *entry;
    uint64_t path;    /* in the host's terms */
    char start[2];    /* of the path */
    bool is_constant; /* which may not be written */
};

/* The guest's own library, opened and not read yet; NULL: none. Signal handlers
 * may come between. */
struct opened {
    struct entry *entry;
    int descriptor;
};

static _Thread_local struct opening opening
    __attribute__((tls_model("initial-exec")));
static _Thread_local struct opened opened
    __attribute__((tls_model("initial-exec")));
static _Thread_local bool is_own __attribute__((tls_model("initial-exec")));

/* ---- options ---- */

/* Its value if it is that option; NULL: it is another one. */
static const char *option_value(const char *option, const char *key)
{
    const size_t length = strlen(key);

    return strncmp(option, key, length) == 0 ? option + length : NULL;
}

static bool preload_option(const char *option)
{
    const char *file = option_value(option, "preload=");
    const char *own = option_value(option, "preloads=");

    if (file != NULL) {
        preload_file = strdup(file);
        preload_next = PRELOAD_ASKED;
    } else if (own != NULL) {
        preload_own = strdup(own);
    }
    return file != NULL || own != NULL;
}

bool linker_option(const char *option)
{
    static const char thunk[] = "thunk=", own[] = "own=";
    struct stat status;

    if (preload_option(option)) {
        return true;
    }

    if (strncmp(option, thunk, strlen(thunk)) == 0) {
        struct entry *more =
            realloc(entries, (entry_count + 1) * sizeof *entries);
        char *file = strdup(option + strlen(thunk));
        const char *slash = file == NULL ? NULL : strrchr(file, '/');

        if (more == NULL || slash == NULL) {
            return false;
        }
        entries = more;
        entries[entry_count++] =
            (struct entry){.file = file, .soname = slash + 1};
        return true;
    }
    if (strncmp(option, own, strlen(own)) != 0 || entry_count == 0) {
        return false;
    }
    if (stat(option + strlen(own), &status) == 0) {
        entries[entry_count - 1].device = status.st_dev;
        entries[entry_count - 1].inode = status.st_ino;
    }
    entries[entry_count - 1].has_own = true;
    return true;
}

void linker_install(const char *target)
{
    const bool is_x86_64 = strcmp(target, "x86_64") == 0;

    openat_number = is_x86_64 ? 257 : 56;
    read_number = is_x86_64 ? 0 : 63;
    has_access = is_x86_64;
    access_number = is_x86_64 ? 21 : 48; /* access, faccessat */
    for (size_t i = 0; i < entry_count; i++) {
        has_absent |= !entries[i].has_own;
    }
}

bool linker_is_active(void)
{
    return entry_count > 0 || preload_file != NULL;
}

/* ---- the thunk's file ---- */

/* -1: it cannot be opened, which has been said. */
static int file_open(const char *file)
{
    const int descriptor = open(file, OPEN_FLAGS);

    if (descriptor < 0) {
        thunk_log(THUNK_LOG_ERROR, "%s: %s: the guest's own library is used",
                  file, strerror(errno));
    }
    return descriptor;
}

/* Puts `file` in place of what the guest has opened, and closes it. */
static bool descriptor_give(int file, int descriptor)
{
    const bool is_given = dup3(file, descriptor, O_CLOEXEC) == descriptor;

    close(file);
    return is_given;
}

static void entry_give(struct entry *entry)
{
    atomic_store(&entry->is_given, true);
    atomic_store(&has_given, true);
    thunk_log(THUNK_LOG_INFO, "%s: the program gets %s", entry->soname,
              entry->file);
}

/* ---- what is not there ---- */

/* The thunk whose library the guest lacks, where its dynamic linker looks last
 * for any library; NULL: it is none such. */
static struct entry *absent_find(const char *path, const char *name)
{
    static const char *const folders[] = {"/lib", "/usr/lib"};
    bool is_default = false;

    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        is_default |= strncmp(path, folders[i], strlen(folders[i])) == 0;
    }
    for (size_t i = 0; is_default && i < entry_count; i++) {
        if (!entries[i].has_own && strcmp(entries[i].soname, name) == 0) {
            return &entries[i];
        }
    }
    return NULL;
}

static const char *runtime_given(const char *name)
{
    for (size_t i = 0; i < RUNTIME_COUNT; i++) {
        const char *file = atomic_load(&runtime_files[i]);

        if (file == NULL || strcmp(strrchr(file, '/') + 1, name) == 0) {
            return file;
        }
    }
    return NULL;
}

static void runtime_note(const char *file)
{
    const char *copy = strdup(file);

    for (size_t i = 0; copy != NULL && i < RUNTIME_COUNT; i++) {
        const char *none = NULL;

        if (atomic_compare_exchange_strong(&runtime_files[i], &none, copy)) {
            return;
        }
    }
}

/* A library of the runtime lies beside the thunks that need it. -1: it does
 * not. */
static int runtime_open(const char *name)
{
    for (size_t i = 0; i < entry_count; i++) {
        const int length = (int)(entries[i].soname - entries[i].file);
        char file[PATH_MAX];
        int descriptor;

        if (!atomic_load(&entries[i].is_given) ||
            snprintf(file, sizeof file, "%.*s%s", length, entries[i].file,
                     name) >= (int)sizeof file) {
            continue;
        }
        descriptor = open(file, OPEN_FLAGS);
        if (descriptor >= 0) {
            if (runtime_given(name) == NULL) {
                runtime_note(file);
            }
            return descriptor;
        }
    }
    return -1;
}

/* Writes the start of the path. */
static bool start_write(const char *bytes)
{
    const uintptr_t size = (uintptr_t)sysconf(_SC_PAGESIZE);
    void *page = (void *)(uintptr_t)(opening.path & ~(size - 1));
    const size_t length = (opening.path & (size - 1)) + sizeof opening.start;
    bool is_written;

    if (opening.is_constant &&
        mprotect(page, length, PROT_READ | PROT_WRITE) != 0) {
        return false;
    }
    is_written = copy_memory((void *)(uintptr_t)opening.path, bytes,
                             sizeof opening.start);
    if (opening.is_constant) {
        (void)mprotect(page, length, PROT_READ);
    }
    return is_written;
}

/* Makes what is opened "/". */
static bool path_hide(const char *text)
{
    memcpy(opening.start, text, sizeof opening.start);
    return start_write("/");
}

/* The dynamic linker may be about to open what is not there. */
static void absent_see(uint64_t path)
{
    char text[PATH_MAX];
    struct entry *entry = NULL;
    const char *name;
    int file = -1;

    if (!copy_string(text, sizeof text, path) || *text != '/') {
        return;
    }
    name = strrchr(text, '/') + 1;
    if (strncmp(name, runtime_prefix, strlen(runtime_prefix)) == 0) {
        file = runtime_open(name);
    } else if ((entry = absent_find(text, name)) != NULL) {
        file = file_open(entry->file);
    }
    if (file < 0) {
        return;
    }
    opening = (struct opening){OPENS_ROOT, file, entry, path, "", false};
    if (!path_hide(text)) {
        close(file);
        opening.what = NOTHING;
    }
}

/* ---- what is loaded first ---- */

/* A file as /etc/ld.so.preload is. -1: there is no memory. */
static int preload_open(void)
{
    const int file = memfd_create("ld.so.preload", MFD_CLOEXEC);
    const int own = preload_own == NULL ? -1 : open(preload_own, OPEN_FLAGS);
    char text[PATH_MAX];
    ssize_t length;

    if (file < 0 || dprintf(file, "%s\n", preload_file) < 0) {
        close(file);
        close(own);
        return -1;
    }
    while (own >= 0 && (length = read(own, text, sizeof text)) > 0 &&
           write(file, text, (size_t)length) == length) {
    }
    close(own);
    lseek(file, 0, SEEK_SET);
    return file;
}

/* The dynamic linker may be about to ask for that file, or to open it. */
static void preload_see(uint64_t path)
{
    const bool opens = preload_next == PRELOAD_OPENED;
    char text[sizeof preload_path];
    int file = -1;

    if (!copy_memory(text, (void *)(uintptr_t)path, sizeof text) ||
        memcmp(text, preload_path, sizeof text) != 0) {
        return;
    }
    preload_next = opens ? PRELOAD_NONE : PRELOAD_OPENED;
    if (opens && (file = preload_open()) < 0) {
        return;
    }
    opening = (struct opening){
        opens ? OPENS_ROOT : ASKS_ROOT, file, NULL, path, "", true};
    if (!path_hide(text)) {
        close(file);
        opening.what = NOTHING;
        preload_next = PRELOAD_NONE;
    }
}

static void root_replace(int64_t result)
{
    start_write(opening.start);
    if (result < 0) {
        close(opening.file);
    } else if (descriptor_give(opening.file, (int)result) &&
               opening.entry != NULL) {
        entry_give(opening.entry);
    }
}

/* ---- system calls ---- */

/* The guest has opened a file. */
static void file_see(int descriptor)
{
    struct stat status;

    if (fstat(descriptor, &status) != 0) {
        return;
    }
    for (size_t i = 0; i < entry_count; i++) {
        if (entries[i].inode == status.st_ino &&
            entries[i].device == status.st_dev) {
            opened = (struct opened){&entries[i], descriptor};
            return;
        }
    }
}

static void library_replace(void)
{
    const int file = file_open(opened.entry->file);

    if (file >= 0 && descriptor_give(file, opened.descriptor)) {
        entry_give(opened.entry);
    }
}

void linker_see(int64_t number, const uint64_t arguments[6], uint64_t base)
{
    const int saved = errno;

    if (opened.entry != NULL && number == read_number &&
        (int)arguments[0] == opened.descriptor) {
        if (arguments[2] == HEAD_SIZE) {
            library_replace();
        }
        opened.entry = NULL;
    } else if (number == openat_number && (int)arguments[0] == AT_FDCWD &&
               (int)arguments[2] == OPEN_FLAGS && !is_own) {
        opening.what = OPENS;
        if (preload_next == PRELOAD_OPENED) {
            preload_see(arguments[1] + base);
        }
        if (opening.what == OPENS &&
            (has_absent ||
             atomic_load_explicit(&has_given, memory_order_relaxed))) {
            absent_see(arguments[1] + base);
        }
    } else if (preload_next == PRELOAD_ASKED && number == access_number) {
        preload_see(arguments[has_access ? 0 : 1] + base);
    }
    errno = saved;
}

void linker_see_result(int64_t number, int64_t result)
{
    if (opening.what == ASKS_ROOT && number == access_number) {
        const int saved = errno;

        start_write(opening.start);
        opening.what = NOTHING;
        errno = saved;
    } else if (number == openat_number && opening.what != NOTHING) {
        const int saved = errno;

        if (opening.what == OPENS_ROOT) {
            root_replace(result);
        } else if (result >= 0) {
            file_see((int)result);
        }
        opening.what = NOTHING;
        errno = saved;
    }
}

/* ---- requests ---- */

const char *linker_thunk(const char *soname)
{
    for (size_t i = 0; i < entry_count; i++) {
        if (atomic_load(&entries[i].is_given) &&
            strcmp(entries[i].soname, soname) == 0) {
            return entries[i].file;
        }
    }
    return runtime_given(soname);
}

void linker_own(bool is_wanted)
{
    is_own = is_wanted;
}
