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
 *             but for those that do not fit the program's libraries (fit.h);
 *             the plugin has the guest's dynamic linker get them
 *             (plugin/linker.h), and tells them where their HTLs are
 *
 * The prefix is the folder above the one that thunk-run is in. The build
 * folder has the same layout.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/log_write.h"
#include "children.h"
#include "doctor.h"
#include "fit.h"
#include "heap.h"
#include "libraries.h"
#include "run.h"
#include "thunks.h"

#ifndef THUNKGEN_VERSION
#define THUNKGEN_VERSION "0.1.0"
#endif

static const char usage[] =
    "usage: thunk-run [OPTION]... [--] PROGRAM [ARGUMENT]...\n"
    "       thunk-run --doctor [--json] [OPTION]... [PROGRAM]\n"
    "Run a guest program under QEMU with its libraries thunked.\n"
    "\n"
    "  --guest ISA      x86_64, aarch64 or riscv64; default: PROGRAM's own\n"
    "  --thunks WHAT    packs of the installed thunks, as in gl,vulkan, or a\n"
    "                   folder with guest/ and host/ in it; may be repeated,\n"
    "                   the earlier wins; default: all installed thunks\n"
    "  --without NAMES  leave these libraries to the guest: sonames, names in\n"
    "                   them, as in png,z, or packs; heap: malloc() as well\n"
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
    "  --children HOW   thunked (default): programs that PROGRAM starts run as "
    "it\n"
    "                   does; native: as this machine runs them\n"
    "  --doctor         run nothing: tell what is there, what of it works, "
    "and\n"
    "                   what becomes of each library of PROGRAM; --json: as\n"
    "                   JSON; exit status 0: programs can be run thunked\n"
    "  --help, --version\n"
    "\n"
    "THUNK_LOG=info in the environment tells which libraries are thunked, "
    "debug\n"
    "all that is run and loaded: on stderr, or in the file THUNK_LOG_FILE.\n"
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

/* Whatever folder a process is in. */
static void log_file_want(void)
{
    const char *path = getenv(THUNK_LOG_FILE);
    char *absolute;
    int file;

    if (path == NULL || *path == '\0' || *path == '/') {
        return;
    }
    file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    absolute = file < 0 ? NULL : realpath(path, NULL);
    if (absolute == NULL) {
        fail(STATUS_USAGE, "THUNK_LOG_FILE=%s: %s", path, strerror(errno));
    }
    close(file);
    variable_set(THUNK_LOG_FILE, absolute);
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
        WITHOUT,
        QEMU,
        SYSROOT,
        PLUGIN,
        STATS,
        TRACE,
        CHILDREN,
        EXEC,
        CLOSE,
        DEFAULT,
        DOCTOR,
        JSON,
        HELP,
        VERSION
    };
    static const struct option table[] = {
        {"guest", required_argument, NULL, GUEST},
        {"thunks", required_argument, NULL, THUNKS},
        {"without", required_argument, NULL, WITHOUT},
        {"qemu", required_argument, NULL, QEMU},
        {"sysroot", required_argument, NULL, SYSROOT},
        {"plugin", required_argument, NULL, PLUGIN},
        {"stats", optional_argument, NULL, STATS},
        {"trace", optional_argument, NULL, TRACE},
        {"children", required_argument, NULL, CHILDREN},
        {"exec", required_argument, NULL, EXEC},
        {"close", required_argument, NULL, CLOSE},
        {"default", required_argument, NULL, DEFAULT},
        {"doctor", no_argument, NULL, DOCTOR},
        {"json", no_argument, NULL, JSON},
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
        case WITHOUT:
            list_append(&options->without, optarg);
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
        case CHILDREN:
            options->are_children_native = strcmp(optarg, "native") == 0;
            if (!options->are_children_native &&
                strcmp(optarg, "thunked") != 0) {
                fail(STATUS_USAGE, "--children %s: thunked or native expected",
                     optarg);
            }
            break;
        case EXEC:
            options->exec = optarg;
            break;
        case CLOSE:
            options->close = optarg;
            break;
        case DEFAULT:
            list_append(&options->defaults, optarg);
            break;
        case DOCTOR:
            options->is_doctor = true;
            break;
        case JSON:
            options->is_json = true;
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
    if (options->is_json && !options->is_doctor) {
        fail(STATUS_USAGE, "--json is how --doctor tells");
    }
    if (optind == argc && !options->is_doctor) {
        fail(STATUS_USAGE, "no PROGRAM given; try thunk-run --help");
    }
}

static bool is_binfmt(const char *name)
{
    static const char binfmt[] = "thunk-run-binfmt";

    return name != NULL && strcmp(basename(name), binfmt) == 0;
}

/* What Linux gives an interpreter that is registered with the flag P: the file,
 * then the program's own command line. */
static void binfmt_parse(struct options *options, int argc, char **argv)
{
    if (argc < 3) {
        fail(STATUS_USAGE, "%s is for Linux's binfmt_misc, with the flag P",
             argv[0]);
    }
    options->is_binfmt = true;
    options->exec = argv[1];
    optind = 2;
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

const char *environment_get(const struct options *options, const char *name)
{
    const size_t length = strlen(name);

    for (size_t i = 0; i < options->environment.count; i++) {
        const char *variable = options->environment.items[i];

        if (strncmp(variable, name, length) == 0 && variable[length] == '=') {
            return variable + length + 1;
        }
    }
    return getenv(name);
}

/* Adds the guest's environment to QEMU's options. */
static void command_add_environment(struct list *command,
                                    const struct options *options)
{
    for (size_t i = 0; i < options->environment.count; i++) {
        const char *variable = options->environment.items[i];

        if (strchr(variable, ',') == NULL) {
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
}

const char *plugin_option_make(const char *plugin)
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
    struct list words = {0};

    for (size_t i = 0; i < command->count; i++) {
        list_append(&words, word_quote(command->items[i]));
    }
    log_line("debug", list_join(&words, " "));
}

/* What becomes of a program. */
struct run {
    const struct options *options;
    const char *prefix;
    const char *home;
    const char *qemu;
    struct program program;
    struct thunks thunks;
    struct guest guest;
    const char *heap;
};

static void thunks_choose(void *context)
{
    struct run *run = context;
    struct closure own, with;

    thunks_open(&run->thunks, &run->options->thunks, run->home,
                run->program.isa);
    if (run->qemu == NULL) {
        run->qemu =
            qemu_find(run->program.isa, run->options->qemu, run->prefix);
    }
    thunks_leave_named(&run->thunks, &run->options->without);
    guest_open(&run->guest, run->options, &run->program, run->qemu);
    closure_find(&own, &run->guest, NULL);
    thunks_fit(&run->thunks, &run->guest, &own, &with);
    thunks_tell(&run->thunks, &with, run->program.path);
    run->heap = heap_choose(run->options, run->home, &run->guest, &own);
    if (own.count == 0) {
        run->thunks.count = 0; /* nobody would ask for them */
    }
}

static struct list command_make(struct run *run, const struct options *options)
{
    const char *preload = guest_path(&run->guest, "/etc/ld.so.preload");
    const struct choice choice = {
        .prefix = run->prefix,
        .qemu = run->qemu,
        .root = run->guest.sysroot,
        .program = run->program.path,
        .heap = run->heap,
        .preload = access(preload, R_OK) == 0 ? preload : NULL,
        .thunks = &run->thunks,
    };
    const struct program *program = &run->program;
    struct list command = {0};

    list_append(&command, run->qemu);
    list_append(&command, "-plugin");
    list_append(&command, children_plugin_option(options, &choice));
    if (options->sysroot != NULL) {
        list_append(&command, "-L");
        list_append(&command, options->sysroot);
    }
    if (program->isa->cpu != NULL && getenv("QEMU_CPU") == NULL) {
        list_append(&command, "-cpu");
        list_append(&command, program->isa->cpu);
    }
    children_inherit(options, &command);
    command_add_environment(&command, options);
    list_append(&command, "-0");
    list_append(&command, program->argv.items[0]);
    list_append(&command, "--");
    list_append(&command, program->path);
    for (size_t i = 1; i < program->argv.count; i++) {
        list_append(&command, program->argv.items[i]);
    }
    return command;
}

static void first_choose(struct run *run, char **argv)
{
    const struct options *options = run->options;

    children_log_start();
    program_find(&run->program, argv, options->guest, options->sysroot);
    thunks_choose(run);
}

/* Has the program run in any case, as execve() has said that it would. */
static void child_choose(struct run *run, char **argv)
{
    const char *failure;

    if (run->options->is_binfmt) {
        children_log_start();
    }
    program_take(&run->program, run->options->exec, argv);
    run->qemu = run->options->qemu;
    failure = fail_catch(thunks_choose, run);
    if (run->qemu == NULL) {
        fail(STATUS_NOT_FOUND, "%s", failure);
    }
    if (failure != NULL) {
        log_message(format_text("%s runs without thunks: %s", run->program.path,
                                failure));
        run->thunks.count = 0;
        run->heap = NULL;
    }
}

int main(int argc, char **argv)
{
    struct options options = {0};
    struct run run = {.options = &options};
    const char *log = getenv("THUNK_LOG");
    struct list command;

    if (is_binfmt(argv[0])) {
        binfmt_parse(&options, argc, argv);
    } else {
        options_parse(&options, argc, argv);
    }
    log_file_want();
    run.prefix = prefix_find();
    run.home = format_text("%s/lib/thunkgen", run.prefix);
    if (options.plugin == NULL) {
        options.plugin = format_text("%s/libdlcall.so", run.home);
    }
    if (options.is_doctor) {
        return doctor_run(&options, run.prefix, THUNKGEN_VERSION,
                          argv + optind);
    }
    (options.exec == NULL ? first_choose : child_choose)(&run, argv + optind);
    command = command_make(&run, &options);
    if (log != NULL && strcmp(log, "debug") == 0) {
        command_print(&command);
    }
    execv(command.items[0], (char **)command.items);
    fail_file(command.items[0], "");
}
