/* SPDX-License-Identifier: MIT
 *
 * thunk-run: runs a guest program under QEMU with its libraries thunked.
 *
 * It works out five things, each from an option or from where it lies itself,
 * and then becomes QEMU: no process stays behind, so exit status, signals and
 * the terminal are the program's own.
 *
 *   program   on PATH; a script stands for its interpreter
 *   guest     the ISA in the program's ELF header
 *   QEMU      --qemu, $THUNK_QEMU, thunkgen's own, or one on PATH; see qemu.c
 *   plugin    <prefix>/lib/thunkgen/libdlcall.so
 *   thunks    <prefix>/lib/thunkgen/guest/<guest>, or that of some packs,
 *             in front of the guest's LD_LIBRARY_PATH; a GTL finds its HTL
 *             relative to itself
 *
 * The prefix is the folder above the one that thunk-run is in. The build
 * folder has the same layout.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run.h"

#ifndef THUNKGEN_VERSION
#define THUNKGEN_VERSION "0.1.0"
#endif

struct options {
    const struct isa *guest;
    const char *qemu;
    const char *sysroot;
    const char *plugin;
    struct list thunks;
    struct list environment; /* VAR=VALUE, each VAR once */
};

static const char usage[] =
    "usage: thunk-run [OPTION]... [--] PROGRAM [ARGUMENT]...\n"
    "Run a guest program under QEMU with its libraries thunked.\n"
    "\n"
    "  --guest ISA      x86_64, aarch64 or riscv64; default: PROGRAM's own\n"
    "  --thunks WHAT    packs of the installed thunks, as in gl,vulkan, or a\n"
    "                   folder with guest/ and host/ in it; may be repeated,\n"
    "                   the earlier wins; default: all installed thunks\n"
    "  --qemu PATH      default: $THUNK_QEMU, else the first with plugins of\n"
    "                   what is installed with thunk-run, what thunk-qemu has\n"
    "                   built, and each qemu-ISA on PATH\n"
    "  --sysroot DIR    the guest's root, where QEMU looks for files first\n"
    "  --plugin FILE    default: the installed libdlcall.so\n"
    "  -E VAR=VALUE     set VAR in the guest's environment\n"
    "  --stats[=FILE]   report at exit which functions were called, how, and\n"
    "                   how long they took: on stderr, or in FILE, as JSON if\n"
    "                   it ends in .json\n"
    "  --trace[=NAMES]  print each call with its arguments and result on\n"
    "                   stderr; NAMES: patterns with commas between them\n"
    "  --help, --version\n"
    "\n"
    "THUNK_LOG=debug in the environment shows what is run and loaded.\n"
    "The exit status is the program's; 127: something is missing, 126: it\n"
    "cannot be run, 2: wrong usage.\n";

static void environment_set(struct list *environment, const char *variable)
{
    size_t name = strcspn(variable, "=");

    if (name == 0 || variable[name] == '\0') {
        fail(STATUS_USAGE, "-E %s: VAR=VALUE expected", variable);
    }
    for (size_t i = 0; i < environment->count; i++) {
        if (strncmp(environment->items[i], variable, name + 1) == 0) {
            environment->items[i] = variable;
            return;
        }
    }
    list_append(environment, variable);
}

static void variable_set(const char *name, const char *value)
{
    if (setenv(name, value, 1) != 0) {
        fail(STATUS_NOT_RUNNABLE, "out of memory");
    }
}

/* Each process of the program adds a report to the file; it may have changed
 * its folder by then. */
static void stats_want(const char *path)
{
    char *absolute;
    int file;

    if (path == NULL) {
        variable_set("THUNK_STATS", "-");
        return;
    }
    file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    absolute = file < 0 ? NULL : realpath(path, NULL);
    if (absolute == NULL) {
        fail(STATUS_USAGE, "--stats=%s: %s", path, strerror(errno));
    }
    close(file);
    variable_set("THUNK_STATS", absolute);
}

static void options_parse(struct options *options, int argc, char **argv)
{
    enum {
        GUEST = 256,
        THUNKS,
        QEMU,
        SYSROOT,
        PLUGIN,
        STATS,
        TRACE,
        HELP,
        VERSION
    };
    static const struct option table[] = {
        {"guest", required_argument, NULL, GUEST},
        {"thunks", required_argument, NULL, THUNKS},
        {"qemu", required_argument, NULL, QEMU},
        {"sysroot", required_argument, NULL, SYSROOT},
        {"plugin", required_argument, NULL, PLUGIN},
        {"stats", optional_argument, NULL, STATS},
        {"trace", optional_argument, NULL, TRACE},
        {"help", no_argument, NULL, HELP},
        {"version", no_argument, NULL, VERSION},
        {NULL, 0, NULL, 0},
    };
    int option;

    while ((option = getopt_long(argc, argv, "+E:", table, NULL)) != -1) {
        switch (option) {
        case GUEST:
            options->guest = isa_by_name(optarg);
            if (options->guest == NULL) {
                fail(STATUS_USAGE,
                     "--guest %s: x86_64, aarch64 or riscv64 expected", optarg);
            }
            break;
        case THUNKS:
            list_append(&options->thunks, optarg);
            break;
        case QEMU:
            options->qemu = optarg;
            break;
        case SYSROOT:
            options->sysroot = optarg;
            break;
        case PLUGIN:
            options->plugin = optarg;
            break;
        case 'E':
            environment_set(&options->environment, optarg);
            break;
        case STATS:
            stats_want(optarg);
            break;
        case TRACE:
            variable_set("THUNK_TRACE", optarg == NULL ? "*" : optarg);
            break;
        case HELP:
            fputs(usage, stdout);
            exit(0);
        case VERSION:
            puts("thunk-run " THUNKGEN_VERSION);
            exit(0);
        default: /* getopt_long has said what is wrong */
            fputs("try thunk-run --help\n", stderr);
            exit(STATUS_USAGE);
        }
    }
    if (optind == argc) {
        fail(STATUS_USAGE, "no PROGRAM given; try thunk-run --help");
    }
}

/* The folder above the one of this executable. */
static char *prefix_find(void)
{
    char *path = realpath("/proc/self/exe", NULL);

    if (path == NULL) {
        fail_file("/proc/self/exe", "");
    }
    for (int level = 0; level < 2; level++) {
        char *slash = strrchr(path, '/');

        if (slash != NULL) {
            *slash = '\0';
        }
    }
    return path;
}

static int entry_is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* By the name that programs are linked with. */
static int entry_is_thunk(const struct dirent *entry)
{
    return strstr(entry->d_name, ".so.") != NULL;
}

/* A folder's entries in one line, for people; "" where there is none. */
static const char *folder_list(const char *folder,
                               int (*is_wanted)(const struct dirent *))
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_wanted, alphasort);
    const char *text = "";

    for (int i = 0; i < count; i++) {
        text =
            format_text("%s%s%s", text, i > 0 ? ", " : "", entries[i]->d_name);
    }
    return text;
}

static bool folder_exists(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* What one --thunks means: a folder of thunks, or packs of the installed ones,
 * which are such folders with links in them. */
static void thunks_add(struct list *folders, const char *what, const char *home,
                       const struct isa *isa)
{
    const char *missing = NULL;
    char *names = format_text("%s", what), *rest = names;
    size_t before = folders->count;

    for (const char *name; (name = strsep(&rest, ",")) != NULL;) {
        const char *folder = format_text("%s/packs/%s", home, name);

        if (strchr(name, '/') != NULL || *name == '\0' ||
            !folder_exists(folder)) {
            missing = name;
        } else {
            list_append(folders, folder);
            log_info("pack %s: %s", name,
                     folder_list(format_text("%s/guest/%s", folder, isa->name),
                                 entry_is_thunk));
        }
    }
    if (missing == NULL) {
        return;
    }
    if (folders->count == before &&
        (strchr(what, '/') || folder_exists(what))) {
        list_append(folders, what);
        return;
    }
    fail(STATUS_NOT_FOUND,
         "--thunks %s: %s is neither a folder nor one of the packs: %s", what,
         missing, folder_list(format_text("%s/packs", home), entry_is_visible));
}

static void thunks_find(struct options *options, const char *home,
                        const struct isa *isa)
{
    struct list folders = {0};

    for (size_t i = 0; i < options->thunks.count; i++) {
        thunks_add(&folders, options->thunks.items[i], home, isa);
    }
    if (folders.count == 0) {
        list_append(&folders, home);
    }
    options->thunks = folders;
}

/* Gives the guest's LD_LIBRARY_PATH: the folders with the GTLs, then what the
 * user has set for the guest or else for everyone. */
static const char *library_path_make(const struct options *options,
                                     const struct isa *isa,
                                     const char *inherited)
{
    const char *path = "";

    for (size_t i = 0; i < options->thunks.count; i++) {
        char *folder =
            format_text("%s/guest/%s", options->thunks.items[i], isa->name);
        char *absolute = realpath(folder, NULL);

        if (absolute == NULL) {
            fail_file(folder,
                      format_text("; there are no thunks for %s guests: build "
                                  "them, or name others with --thunks",
                                  isa->name));
        }
        if (strpbrk(absolute, ",:;") != NULL) {
            fail(STATUS_NOT_RUNNABLE,
                 "%s: a folder in LD_LIBRARY_PATH cannot have ',', ':' or ';' "
                 "in its name; move it",
                 absolute);
        }
        path = format_text("%s%s%s", path, i > 0 ? ":" : "", absolute);
    }
    if (inherited != NULL && *inherited != '\0') {
        if (strchr(inherited, ',') != NULL) {
            fail(STATUS_NOT_RUNNABLE,
                 "LD_LIBRARY_PATH=%s: cannot be passed to the guest: QEMU "
                 "splits it at the comma",
                 inherited);
        }
        path = format_text("%s:%s", path, inherited);
    }
    return path;
}

/* Adds the guest's environment to QEMU's options. The thunks must be in the
 * guest's alone: a QEMU that links libz would load the GTL too. */
static void command_add_environment(struct list *command,
                                    const struct options *options,
                                    const struct isa *isa)
{
    static const char library_path[] = "LD_LIBRARY_PATH=";
    const char *inherited = getenv("LD_LIBRARY_PATH");

    for (size_t i = 0; i < options->environment.count; i++) {
        const char *variable = options->environment.items[i];

        if (strncmp(variable, library_path, sizeof library_path - 1) == 0) {
            inherited = variable + sizeof library_path - 1;
        } else if (strchr(variable, ',') == NULL) {
            list_append(command, "-E");
            list_append(command, variable);
        } else if (strncmp(variable, "LD_", 3) == 0 ||
                   strncmp(variable, "QEMU_", 5) == 0) {
            fail(STATUS_USAGE,
                 "-E %s: QEMU splits -E at the comma, and this variable would "
                 "act on QEMU itself if it were in its environment",
                 variable);
        } else {
            /* Every QEMU so far (7.2 and 10.0 tried) takes -E a=b,c for two
             * variables, without an escape. But the guest's environment starts
             * as a copy of QEMU's own, where a comma is nothing special. */
            char *name = strndup(variable, strcspn(variable, "="));

            if (name == NULL ||
                setenv(name, variable + strlen(name) + 1, 1) != 0) {
                fail(STATUS_NOT_RUNNABLE, "out of memory");
            }
        }
    }
    list_append(command, "-E");
    list_append(command,
                format_text("%s%s", library_path,
                            library_path_make(options, isa, inherited)));
}

/* Gives -plugin's value: QEMU's option syntax doubles a comma in it. */
static const char *plugin_option_make(const char *plugin)
{
    char *path = realpath(plugin, NULL);
    const char *rest = path;
    const char *option = "file=";

    if (path == NULL || access(path, R_OK) != 0) {
        fail_file(plugin, "; build or install the plugin libdlcall.so, or name "
                          "it with --plugin");
    }
    for (;;) {
        size_t length = strcspn(rest, ",");
        bool more = rest[length] == ',';

        option = format_text("%s%.*s%s", option, (int)length, rest,
                             more ? ",," : "");
        if (!more) {
            return option;
        }
        rest += length + 1;
    }
}

/* Prints a command line that a shell would take back. */
static void command_print(const struct list *command)
{
    fputs("thunk-run: debug:", stderr);
    for (size_t i = 0; i < command->count; i++) {
        fprintf(stderr, " %s", word_quote(command->items[i]));
    }
    fputc('\n', stderr);
}

int main(int argc, char **argv)
{
    struct options options = {0};
    struct program program = {0};
    struct list command = {0};
    const char *log = getenv("THUNK_LOG");
    char *prefix, *home;

    options_parse(&options, argc, argv);
    prefix = prefix_find();
    home = format_text("%s/lib/thunkgen", prefix);
    if (options.plugin == NULL) {
        options.plugin = format_text("%s/libdlcall.so", home);
    }

    program_find(&program, argv + optind, options.guest, options.sysroot);
    thunks_find(&options, home, program.isa);
    list_append(&command, qemu_find(program.isa, options.qemu, prefix));
    list_append(&command, "-plugin");
    list_append(&command, plugin_option_make(options.plugin));
    if (options.sysroot != NULL) {
        list_append(&command, "-L");
        list_append(&command, options.sysroot);
    }
    if (program.isa->cpu != NULL && getenv("QEMU_CPU") == NULL) {
        list_append(&command, "-cpu");
        list_append(&command, program.isa->cpu);
    }
    command_add_environment(&command, &options, program.isa);
    list_append(&command, "-0");
    list_append(&command, program.argv.items[0]);
    list_append(&command, "--");
    list_append(&command, program.path);
    for (size_t i = 1; i < program.argv.count; i++) {
        list_append(&command, program.argv.items[i]);
    }

    if (log != NULL && strcmp(log, "debug") == 0) {
        command_print(&command);
    }
    execv(command.items[0], (char **)command.items);
    fail_file(command.items[0], "");
}
