/* SPDX-License-Identifier: MIT
 *
 * Which QEMU runs the program: the one that is named, else the first that can
 * load plugins of
 *
 *   PREFIX/lib/thunkgen/qemu/qemu-ISA       installed with thunk-run
 *   $XDG_DATA_HOME/thunkgen/qemu/qemu-ISA   built by thunk-qemu
 *   qemu-ISA in each folder of PATH         Debian 13's is static, say
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run.h"
#include "span.h"

/* A function that plugins call. A QEMU that can load them exports it, so its
 * name is in the file; a script that starts one may have it in a comment. */
static const char plugin_function[] = "qemu_plugin_register_vcpu_syscall_cb";

/* An ELF file in memory; `size` bounds what is read of it. */
struct image {
    const char *start;
    size_t size;
};

static const Elf64_Ehdr *image_header(const struct image *image)
{
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)image->start;

    return image->size >= sizeof *header &&
                   memcmp(header->e_ident, ELFMAG, SELFMAG) == 0
               ? header
               : NULL;
}

/* Whether an ELF program is loaded by ld.so, which plugins need as well. */
static bool image_is_dynamic(const struct image *image)
{
    const Elf64_Ehdr *header = image_header(image);
    const Elf64_Phdr *segment;

    if (header->e_phoff % _Alignof(Elf64_Phdr) != 0 ||
        header->e_phoff > image->size ||
        header->e_phnum > (image->size - header->e_phoff) / sizeof *segment) {
        return false;
    }
    segment = (const Elf64_Phdr *)(image->start + header->e_phoff);
    for (size_t i = 0; i < header->e_phnum; i++) {
        if (segment[i].p_type == PT_INTERP) {
            return true;
        }
    }
    return false;
}

/* The ISA of this machine: thunk-run's own. */
static unsigned machine_get(void)
{
    Elf64_Ehdr header = {0};
    int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

    if (file < 0 || read(file, &header, sizeof header) < 0) {
        fail_file("/proc/self/exe", "");
    }
    close(file);
    return header.e_machine;
}

static const char *image_fault(const struct image *image)
{
    const Elf64_Ehdr *header = image_header(image);

    if (header != NULL && header->e_machine != machine_get()) {
        return "for another machine";
    }
    if (header != NULL && !image_is_dynamic(image)) {
        return "static, so it cannot load plugins";
    }
    if (memmem(image->start, image->size, plugin_function,
               sizeof plugin_function - 1) == NULL) {
        return "built without plugins";
    }
    return NULL;
}

/* Why a file is no QEMU that can load plugins; NULL if nothing speaks against
 * it. */
static const char *file_fault(const char *path)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    struct image image = {0};
    const char *fault;
    struct stat status;
    void *start;

    if (file < 0 || fstat(file, &status) != 0) {
        return strerror(errno);
    }
    if (status.st_size == 0) {
        return "empty";
    }
    image.size = (size_t)status.st_size;
    start = mmap(NULL, image.size, PROT_READ, MAP_PRIVATE, file, 0);
    if (start == MAP_FAILED) {
        return strerror(errno);
    }
    close(file);
    image.start = start;
    fault = image_fault(&image);
    munmap(start, image.size);
    return fault;
}

static bool same_file(const char *one, const char *other)
{
    struct stat first, second;

    return stat(one, &first) == 0 && stat(other, &second) == 0 &&
           first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

/* Adds one, unless the same file is there already: /bin may be /usr/bin. */
static void qemus_add(struct qemus *qemus, const char *path, const char *origin,
                      const char *fault)
{
    for (size_t i = 0; i < qemus->count; i++) {
        if (same_file(path, qemus->items[i].path)) {
            return;
        }
    }
    qemus->items = array_grow(qemus->items, qemus->count, sizeof *qemus->items);
    qemus->items[qemus->count++] = (struct qemu){path, origin, fault};
}

/* The one that --qemu or THUNK_QEMU names, be it there or not. */
static void named_add(struct qemus *qemus, const char *name, const char *origin)
{
    const char *path = command_find(name, NULL);

    qemus->are_named = true;
    if (path == NULL) {
        qemus_add(qemus, name, origin, strerror(errno));
    } else {
        qemus_add(qemus, path, origin, file_fault(path));
    }
}

/* One of thunkgen's own, if it is there. */
static void own_add(struct qemus *qemus, const char *path, const char *origin)
{
    if (access(path, X_OK) == 0) {
        qemus_add(qemus, path, origin, file_fault(path));
    } else if (errno != ENOENT && errno != ENOTDIR) {
        qemus_add(qemus, path, origin, strerror(errno));
    }
}

struct qemus qemus_list(const struct isa *isa, const char *option,
                        const char *prefix)
{
    const char *variable = getenv("THUNK_QEMU");
    const char *name = format_text("qemu-%s", isa->name);
    const char *data = user_folder("XDG_DATA_HOME", ".local/share");
    struct list commands;
    struct qemus qemus = {0};

    if (option != NULL) {
        named_add(&qemus, option, "--qemu");
        return qemus;
    }
    if (variable != NULL && *variable != '\0') {
        named_add(&qemus, variable, "THUNK_QEMU");
        return qemus;
    }
    own_add(&qemus, format_text("%s/lib/thunkgen/qemu/%s", prefix, name),
            "installed with thunk-run");
    if (data != NULL) {
        own_add(&qemus, format_text("%s/thunkgen/qemu/%s", data, name),
                "built by thunk-qemu");
    }
    commands = commands_list(name);
    for (size_t i = 0; i < commands.count; i++) {
        qemus_add(&qemus, commands.items[i], "on PATH",
                  file_fault(commands.items[i]));
    }
    return qemus;
}

/* Whether this is Debian 12, whose qemu-user is the last that has plugins. */
static bool release_has_qemu(void)
{
    bool is_debian = false, is_12 = false;
    FILE *file = fopen("/etc/os-release", "re");
    char line[256];

    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        is_debian |= strcmp(line, "ID=debian\n") == 0;
        is_12 |= strcmp(line, "VERSION_ID=\"12\"\n") == 0;
    }
    if (file != NULL) {
        fclose(file);
    }
    return is_debian && is_12;
}

const char *qemu_cure(const struct isa *isa, const char *prefix)
{
    static const char name[] = "thunk-qemu";
    const char *builder = format_text("%s/bin/%s", prefix, name);
    const char *usual = command_find(name, NULL);

    /* Where there is one already, it came from elsewhere and has no plugins. */
    if (release_has_qemu() &&
        access(format_text("/usr/bin/qemu-%s", isa->name), F_OK) != 0) {
        return "apt-get install qemu-user";
    }
    if (access(builder, X_OK) != 0 ||
        (usual != NULL && same_file(builder, usual))) {
        builder = name;
    }
    return format_text("%s %s", word_quote(builder), isa->name);
}

const char *qemu_find(const struct isa *isa, const char *option,
                      const char *prefix)
{
    const struct qemus qemus = qemus_list(isa, option, prefix);
    const char *faults = "";

    for (size_t i = 0; i < qemus.count; i++) {
        const struct qemu *qemu = &qemus.items[i];

        if (qemu->fault == NULL) {
            log_info("QEMU %s (%s)", qemu->path, qemu->origin);
            return qemu->path;
        }
        log_info("passed over: QEMU %s (%s): %s", qemu->path, qemu->origin,
                 qemu->fault);
        faults = format_text("%s%s%s: %s", faults, i > 0 ? "; " : "",
                             qemu->path, qemu->fault);
    }
    if (qemus.are_named) {
        fail(access(qemus.items[0].path, F_OK) == 0 ? STATUS_NOT_RUNNABLE
                                                    : STATUS_NOT_FOUND,
             "%s %s: thunks need a QEMU with plugins; to get one: %s",
             qemus.items[0].origin, faults, qemu_cure(isa, prefix));
    }
    fail(STATUS_NOT_FOUND,
         "no QEMU with plugins for %s guests%s%s%s; to get "
         "one: %s",
         isa->name, *faults != '\0' ? " (" : "", faults,
         *faults != '\0' ? ")" : "", qemu_cure(isa, prefix));
}

const char *qemu_sysroot(const struct isa *isa, const char *qemu)
{
    /* Debian's --interp-prefix, and what it is by default. */
    static const char *const folders[] = {"/etc/qemu-binfmt/",
                                          "/usr/gnemul/qemu-"};
    const char *prefix = getenv("QEMU_LD_PREFIX");

    for (size_t i = 0; prefix == NULL && i < sizeof folders / sizeof *folders;
         i++) {
        const char *folder = format_text("%s%s", folders[i], isa->name);
        struct stat status;
        struct span file;

        if (access(folder, F_OK) == 0 && qemu != NULL &&
            span_map(&file, qemu, &status) &&
            memmem(file.bytes, file.size, folder, strlen(folder) + 1) != NULL) {
            prefix = folder;
        }
    }
    return prefix;
}
