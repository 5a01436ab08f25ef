/* SPDX-License-Identifier: MIT
 * Any bytes as the spec of the library of this folder: the whole of thunkgen,
 * from its command line to what it writes. FUZZ_FOLDER has api.h, FUZZ_LIBRARY
 * is the library; output goes below TMPDIR.
 */
int thunkgen_main(int argc, char **argv);

#define main thunkgen_main
#include "main.c"
#undef main

#include <getopt.h>
#include <unistd.h>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char check[] = "check", format[] = "--format=html";
    static char header[] = "--header", api[] = "api.h";
    static char include[] = "-I" FUZZ_FOLDER, option[] = "--spec";
    static char library[] = "--library=" FUZZ_LIBRARY;
    static char guests[] = "--guest=x86_64,aarch64";
    const char *folder = getenv("TMPDIR");
    char name[] = "thunkgen", output[512], path[32];
    char *generate[] = {name, header,  api,    include, option,
                        path, library, guests, output,  NULL};
    char *tell[] = {name, check,  header,  api,    include, option,
                    path, guests, library, format, NULL};
    int file = fuzz_file(data, size, path);
    int status;

    snprintf(output, sizeof(output), "-o%s/output",
             folder == NULL ? "/tmp" : folder);
    optind = 0; /* glibc: start anew */
    status = thunkgen_main(9, generate);
    if (status != STATUS_GOOD && status != STATUS_INPUT) {
        abort();
    }
    if (size % 4 == 0) { /* the report is much the same each time */
        optind = 0;
        status = thunkgen_main(10, tell);
        if (status != STATUS_GOOD && status != STATUS_INPUT) {
            abort();
        }
    }
    close(file);
    return 0;
}
