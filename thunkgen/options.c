/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <getopt.h>
#include <string.h>

#include "checks.h"

static const char help[] =
    "usage: thunkgen --header FILE --spec FILE [OPTION]...\n"
    "       thunkgen check --header FILE --spec FILE [OPTION]...\n"
    "\n"
    "Reads the headers of a shared library, its ELF file and a spec, and "
    "writes\n"
    "the C sources of its guest and host thunk libraries: NAME-frames.h,\n"
    "NAME-guest.c, NAME-guest.map and NAME-host.c, where NAME is the spec's\n"
    "'library'.\n"
    "\n"
    "With 'check' it writes no sources, but tells of each exported symbol "
    "whether\n"
    "it needs nothing, what the spec says, or why it is refused.\n"
    "\n"
    "  --header FILE      header, as #include <FILE> takes it; may be "
    "repeated\n"
    "  --spec FILE        spec in YAML (docs/spec.md)\n"
    "  -o, --output DIR   folder for the output (default: .)\n"
    "  --library FILE     the shared library (default: the spec's soname on\n"
    "                     the host's search path)\n"
    "  --host ISA         generate for a host of that ISA (default: this "
    "machine's)\n"
    "  --guest ISA[,ISA]  guests to prove the ABI for: x86_64, aarch64,\n"
    "                     riscv64 (default: x86_64)\n"
    "  -I DIR, -D NAME[=VALUE]\n"
    "                     as for a compiler\n"
    "  --sysroot [ISA=]DIR, --target [ISA=]TRIPLE\n"
    "                     for reading the headers as that guest, or any "
    "guest,\n"
    "                     sees them; host=DIR, host=TRIPLE: as the host does,\n"
    "                     whose libraries lie there, too\n"
    "  --depfile FILE     write a Makefile rule of everything that was read\n"
    "  --deptarget NAME   its target (default: the first output)\n"
    "  --omit-refused     symbols that would be refused are left out, and a "
    "warning\n"
    "                     tells so: a library may be newer than its spec\n"
    "  --dump=model|plan  print what was understood, or decided, and write no\n"
    "                     output\n"
    "  --help, --version\n"
    "\n"
    "For check:\n"
    "  --format=text|json|html\n"
    "                     what is printed (default: text)\n"
    "  -W CHECK, -E CHECK what that check finds is a warning, or an error; a\n"
    "                     check is the name in brackets behind a message\n"
    "\n"
    "Exit status: 0 done, 1 there are errors (all are told, nothing is\n"
    "written), 2 wrong usage, 3 an error of thunkgen's own.\n";

enum {
    OPTION_HEADER = 256,
    OPTION_SPEC,
    OPTION_LIBRARY,
    OPTION_HOST,
    OPTION_GUEST,
    OPTION_SYSROOT,
    OPTION_TARGET,
    OPTION_DEPFILE,
    OPTION_DEPTARGET,
    OPTION_OMIT_REFUSED,
    OPTION_DUMP,
    OPTION_FORMAT,
    OPTION_HELP,
    OPTION_VERSION,
};

static const struct option long_options[] = {
    {"header", required_argument, NULL, OPTION_HEADER},
    {"spec", required_argument, NULL, OPTION_SPEC},
    {"output", required_argument, NULL, 'o'},
    {"library", required_argument, NULL, OPTION_LIBRARY},
    {"host", required_argument, NULL, OPTION_HOST},
    {"guest", required_argument, NULL, OPTION_GUEST},
    {"sysroot", required_argument, NULL, OPTION_SYSROOT},
    {"target", required_argument, NULL, OPTION_TARGET},
    {"depfile", required_argument, NULL, OPTION_DEPFILE},
    {"deptarget", required_argument, NULL, OPTION_DEPTARGET},
    {"omit-refused", no_argument, NULL, OPTION_OMIT_REFUSED},
    {"dump", required_argument, NULL, OPTION_DUMP},
    {"format", required_argument, NULL, OPTION_FORMAT},
    {"help", no_argument, NULL, OPTION_HELP},
    {"version", no_argument, NULL, OPTION_VERSION},
    {NULL, 0, NULL, 0},
};

static bool isa_unknown(const char *option, const char *name)
{
    fprintf(stderr, "thunkgen: %s: no ISA '%s': choose from " ISA_NAMES "\n",
            option, name);
    return false;
}

static bool guests_read(struct arena *arena, struct options *options,
                        const char *list)
{
    char *text = arena_strdup(arena, list);
    char *rest = text;

    for (char *name; (name = strsep(&rest, ",")) != NULL;) {
        const struct isa *isa = isa_of_name(name);
        bool is_known = false;

        if (isa == NULL) {
            return isa_unknown("--guest", name);
        }
        for (size_t i = 0; i < options->n_guests; i++) {
            is_known |= options->guests[i] == isa;
        }
        if (!is_known) {
            *ARENA_APPEND(arena, options->guests, options->n_guests) = isa;
        }
    }
    return true;
}

static bool host_read(struct options *options, const char *name)
{
    options->host = isa_of_name(name);
    options->is_host_said = true;
    return options->host != NULL || isa_unknown("--host", name);
}

/* [ISA=]VALUE or host=VALUE. A folder with '=' in its name is taken for one if
 * '/' is before that. */
static bool isa_option_read(struct arena *arena, const char *name,
                            const char *text, struct isa_option *option)
{
    size_t length = strcspn(text, "=/");

    *option = (struct isa_option){.value = text};
    if (text[length] == '=') {
        const char *isa = arena_printf(arena, "%.*s", (int)length, text);

        option->is_host = strcmp(isa, "host") == 0;
        option->isa = isa_of_name(isa);
        option->value = text + length + 1;
        return option->is_host || option->isa != NULL || isa_unknown(name, isa);
    }
    return true;
}

static bool dump_read(struct options *options, const char *what)
{
    if (strcmp(what, "model") == 0) {
        options->dump = DUMP_MODEL;
    } else if (strcmp(what, "plan") == 0) {
        options->dump = DUMP_PLAN;
    } else {
        fprintf(stderr, "thunkgen: --dump: no '%s': choose model or plan\n",
                what);
        return false;
    }
    return true;
}

static bool format_read(struct options *options, const char *name)
{
    static const char *const names[] = {
        [FORMAT_TEXT] = "text",
        [FORMAT_JSON] = "json",
        [FORMAT_HTML] = "html",
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i], name) == 0) {
            options->format = (enum format)i;
            return true;
        }
    }
    fprintf(stderr, "thunkgen: --format: no '%s': choose text, json or html\n",
            name);
    return false;
}

static bool severity_read(struct arena *arena, struct options *options,
                          int option, const char *check)
{
    if (!check_is_known(check)) {
        fprintf(stderr,
                "thunkgen: -%c: no check '%s': a check is the name in brackets "
                "behind a message\n",
                option, check);
        return false;
    }
    *ARENA_APPEND(arena, options->severities, options->n_severities) =
        (struct severity_option){check, option == 'E'};
    return true;
}

/* What belongs to only one of generation and check. */
static bool option_fits(const struct options *options, int option)
{
    static const struct {
        int option;
        bool is_of_check;
        const char *name;
    } kinds[] = {
        {'o', false, "-o"},
        {OPTION_DEPFILE, false, "--depfile"},
        {OPTION_DEPTARGET, false, "--deptarget"},
        {OPTION_OMIT_REFUSED, false, "--omit-refused"},
        {OPTION_DUMP, false, "--dump"},
        {OPTION_FORMAT, true, "--format"},
        {'W', true, "-W"},
        {'E', true, "-E"},
    };

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (kinds[i].option == option &&
            kinds[i].is_of_check != options->is_check) {
            fprintf(stderr, "thunkgen: %s is %s 'thunkgen check'\n",
                    kinds[i].name,
                    options->is_check ? "nothing for" : "only for");
            return false;
        }
    }
    return true;
}

static bool option_read(struct arena *arena, struct options *options,
                        int option, const char *value)
{
    switch (option) {
    case OPTION_HEADER:
        *ARENA_APPEND(arena, options->headers, options->n_headers) = value;
        return true;
    case OPTION_SPEC:
        *ARENA_APPEND(arena, options->specs, options->n_specs) = value;
        return true;
    case 'o':
        options->output = value;
        return true;
    case OPTION_LIBRARY:
        options->library = value;
        return true;
    case OPTION_HOST:
        return host_read(options, value);
    case OPTION_GUEST:
        return guests_read(arena, options, value);
    case 'I':
    case 'D':
        *ARENA_APPEND(arena, options->arguments, options->n_arguments) =
            arena_printf(arena, "-%c%s", option, value);
        return true;
    case OPTION_SYSROOT:
        return isa_option_read(
            arena, "--sysroot", value,
            ARENA_APPEND(arena, options->sysroots, options->n_sysroots));
    case OPTION_TARGET:
        return isa_option_read(
            arena, "--target", value,
            ARENA_APPEND(arena, options->targets, options->n_targets));
    case OPTION_DEPFILE:
        options->depfile = value;
        return true;
    case OPTION_DEPTARGET:
        options->deptarget = value;
        return true;
    case OPTION_OMIT_REFUSED:
        options->omits_refused = true;
        return true;
    case OPTION_DUMP:
        return dump_read(options, value);
    case OPTION_FORMAT:
        return format_read(options, value);
    case 'W':
    case 'E':
        return severity_read(arena, options, option, value);
    default: /* getopt has told what is wrong */
        return false;
    }
}

static bool options_complete(struct arena *arena, struct options *options)
{
    if (options->n_headers == 0 || options->n_specs == 0) {
        fprintf(stderr, "thunkgen: %s is missing\n",
                options->n_headers == 0 ? "--header" : "--spec");
        return false;
    }
    if (options->n_guests == 0) {
        *ARENA_APPEND(arena, options->guests, options->n_guests) =
            isa_of_name("x86_64");
    }
    return true;
}

bool options_read(struct arena *arena, int argc, char **argv,
                  struct options *options, int *status)
{
    bool is_good = true;
    int option;

    *options = (struct options){.output = ".", .host = isa_of_host()};
    if (argc > 1 && strcmp(argv[1], "check") == 0) {
        options->is_check = true;
        argv[1] = argv[0]; /* whom getopt names */
        argc--;
        argv++;
    }
    while (is_good && (option = getopt_long(argc, argv, "o:I:D:W:E:",
                                            long_options, NULL)) != -1) {
        if (option == OPTION_HELP || option == OPTION_VERSION) {
            fputs(option == OPTION_HELP ? help
                                        : "thunkgen " THUNKGEN_VERSION "\n",
                  stdout);
            *status = 0;
            return false;
        }
        if (optarg != NULL && optarg[0] == '\0') {
            fputs("thunkgen: an option has an empty value\n", stderr);
            is_good = false;
        } else {
            is_good = option_fits(options, option) &&
                      option_read(arena, options, option, optarg);
        }
    }
    if (is_good && optind < argc) {
        fprintf(stderr, "thunkgen: '%s' belongs to no option\n", argv[optind]);
        is_good = false;
    }
    if (is_good && options_complete(arena, options)) {
        return true;
    }
    fputs("thunkgen: try --help\n", stderr);
    *status = 2;
    return false;
}
