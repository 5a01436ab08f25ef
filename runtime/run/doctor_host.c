/* SPDX-License-Identifier: MIT */
#include "doctor_host.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "elf_file.h"

const char *qemu_version(const char *qemu)
{
    static const char mark[] = " version ";
    const struct child child =
        child_command((const char *[]){qemu, "--version", NULL});
    const char *at = strstr(child.output, mark);

    if (at == NULL) {
        return NULL;
    }
    at += strlen(mark);
    return format_text("%.*s", (int)strcspn(at, " \n"), at);
}

/* What follows a key in the probe's lines; NULL: it is not there. */
static const char *probe_value(const char *lines, const char *key)
{
    const char *at = strstr(lines, format_text("%s ", key));

    if (at == NULL) {
        return NULL;
    }
    at += strlen(key) + 1;
    return format_text("%.*s", (int)strcspn(at, "\n"), at);
}

struct probe probe_run(const struct isa *isa, const char *qemu,
                       const char *plugin_option, const char *path)
{
    struct probe probe = {.is_there = access(path, X_OK) == 0};
    struct list command = {0};
    struct child child;

    if (!probe.is_there) {
        return probe;
    }
    list_append(&command, qemu);
    list_append(&command, "-plugin");
    list_append(&command, plugin_option);
    if (isa->cpu != NULL && getenv("QEMU_CPU") == NULL) {
        list_append(&command, "-cpu");
        list_append(&command, isa->cpu);
    }
    list_append(&command, path);
    child = child_command(command.items);
    probe.api = probe_value(child.output, "dlcall.api");
    probe.mode = probe_value(child.output, "dlcall.mode");
    probe.has_instruction_door =
        strstr(child.output, "call instruction\n") != NULL;
    probe.has_memory = strstr(child.output, " memory\n") != NULL;
    if (strstr(child.output, "call syscall\n") == NULL) {
        probe.fault =
            *child.error != '\0' ? child.error : "the plugin does not answer";
    }
    return probe;
}

/* Folders in which thunks of `home` look for the host's libraries before others
 * do: the RUNPATHs of their host's halves. */
static struct list host_folders(const char *home)
{
    const char *folder = format_text("%s/host", home);
    struct list folders = {0};
    DIR *stream = opendir(folder);

    for (struct dirent *entry;
         stream != NULL && (entry = readdir(stream)) != NULL;) {
        const struct elf_file *file =
            elf_file_open(format_text("%s/%s", folder, entry->d_name));
        char *rest = file == NULL || file->runpath == NULL
                         ? NULL
                         : format_text("%s", file->runpath);

        for (const char *path; (path = strsep(&rest, ":")) != NULL;) {
            if (*path == '/' && !list_has(&folders, path)) {
                list_append(&folders, path);
            }
        }
    }
    if (stream != NULL) {
        closedir(stream);
    }
    return folders;
}

/* Opens the first of some names; in a process of its own, as the library's
 * constructors run. */
static void libraries_open(const void *context)
{
    const struct list *names = context;
    const int output = dup(STDOUT_FILENO), error = dup(STDERR_FILENO);
    const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

    dup2(nothing, STDOUT_FILENO);
    dup2(nothing, STDERR_FILENO);
    for (size_t i = 0; i < names->count; i++) {
        void *handle = dlopen(names->items[i], RTLD_LAZY | RTLD_LOCAL);
        struct link_map *map;
        char *path;

        if (handle != NULL && dlinfo(handle, RTLD_DI_LINKMAP, &map) == 0 &&
            (path = realpath(map->l_name, NULL)) != NULL) {
            dprintf(output, "%s", path);
            _exit(0);
        }
    }
    dprintf(error, "%s\n", dlerror());
    _exit(1);
}

static struct host_library libraries_try(const struct list *names)
{
    const struct child child = child_run(libraries_open, names);

    return child.is_good ? (struct host_library){.path = child.output}
                         : (struct host_library){.fault = child.error};
}

struct host_library host_library_open(const char *path)
{
    struct list names = {0};

    list_append(&names, path);
    return libraries_try(&names);
}

struct host_library host_library_find(const char *home, const char *soname)
{
    const struct list folders = host_folders(home);
    struct list names = {0};

    for (size_t i = 0; i < folders.count; i++) {
        const char *path = format_text("%s/%s", folders.items[i], soname);

        if (access(path, R_OK) == 0) {
            list_append(&names, path);
        }
    }
    list_append(&names, soname);
    return libraries_try(&names);
}
